import type { AlertMetricList, AlertRule } from '@llm-monitor/contracts/alerts';
import type { LiveState } from '@llm-monitor/contracts/live';
import { useId, useRef, useState } from 'preact/hooks';

import { Dialog } from '../../../components/dialog.tsx';
import type { ApiError } from '../../../rest/api.ts';
import { writeRule } from '../alerts-api.ts';
import { freshId } from '../fresh-id.ts';
import { emptyRule } from './rule-draft.ts';
import { RuleFields } from './rule-fields.tsx';
import { PreviewLine, usePreview } from './rule-preview.tsx';
import { useRuleTexts } from './rule-texts.ts';

export interface EditedRule {
  /** null: begin with an empty one */
  rule: AlertRule | null;
  /** As it is shown: that of a ready rule in the reader's language. */
  name: string;
  isNew: boolean;
}

export interface RuleEditorProps extends EditedRule {
  metrics: AlertMetricList['metrics'];
  /** ids */
  taken: readonly string[];
  live: LiveState;
  onSaved: () => void;
  onClose: () => void;
}

/** Edits one rule: what is wrong stands beside its field, and below what the rule would do now. */
export function RuleEditor({ rule, name, isNew, metrics, taken, ...props }: RuleEditorProps) {
  const texts = useRuleTexts();
  const titleId = useId();
  const [draft, setDraft] = useState<AlertRule>({ ...(rule ?? emptyRule()), name });
  // What is shown in another language is stored as it was.
  const stored = rule && !isNew && draft.name === name ? rule.name : draft.name;
  const id = isNew ? freshId(stored, 'rule', taken) : draft.id;
  const whole = { ...draft, id, name: stored };
  const preview = usePreview(whole);
  const [fault, setFault] = useState<ApiError | null>(null);
  const isBusy = useRef(false);
  const save = () => {
    // A second press may come before the first one is answered.
    if (isBusy.current) return;
    isBusy.current = true;
    writeRule(whole)
      .then(props.onSaved, setFault)
      .finally(() => {
        isBusy.current = false;
      });
  };
  const found = preview.problems.length > 0 ? preview.problems : (fault?.problems ?? []);
  // A name that nobody has begun to write is no mistake yet.
  const problems = fault || draft.name ? found : found.filter(({ field }) => field !== 'name');
  return (
    <Dialog class="is-editor" labelledBy={titleId} testId="rule-editor" onClose={props.onClose}>
      <form
        class="rule-form"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          save();
        }}
      >
        <h2 id={titleId}>{texts.title(isNew)}</h2>
        <RuleFields
          {...{ draft, metrics, problems, live: props.live }}
          onChange={(fields) => {
            setFault(null);
            setDraft((before) => ({ ...before, ...fields }));
          }}
        />
        <PreviewLine preview={preview} />
        {fault && fault.problems.length === 0 && <p role="alert">{fault.message}</p>}
        <div class="button-row is-end">
          <button type="button" class="button" onClick={props.onClose}>
            {texts.cancel}
          </button>
          <button type="submit" class="button" data-testid="save-rule">
            {texts.save}
          </button>
        </div>
      </form>
    </Dialog>
  );
}
