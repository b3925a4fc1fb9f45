import type { AlertRule, AlertRuleChange, AlertRuleList } from '@llm-monitor/contracts/alerts';
import { useRef, useState } from 'preact/hooks';

import { Question } from '../../../components/question.tsx';
import { basePath } from '../../../routing/base-path.ts';
import { importRules, readTemplates } from '../alerts-api.ts';
import { useRuleNames } from './use-rule-names.ts';
import { useRuleTexts } from './rule-texts.ts';

interface RuleToolsProps {
  mayNot: boolean;
  /** null: an empty one */
  onNew: (rule: AlertRule | null) => void;
  onImported: () => void;
}

/** A new rule, and all of them as a file. */
export function RuleTools({ mayNot, onNew, onImported }: RuleToolsProps) {
  const texts = useRuleTexts();
  return (
    <span class="button-row rule-tools">
      {!mayNot && <NewRule onNew={onNew} />}
      <a class="button is-small" href={`${basePath()}/api/alerts/rules.yaml`} download>
        {texts.exported}
      </a>
      {!mayNot && <Import onImported={onImported} />}
    </span>
  );
}

/** Chosen from a list, as the browser draws it: the first entry is its name. */
function NewRule({ onNew }: Pick<RuleToolsProps, 'onNew'>) {
  const texts = useRuleTexts();
  const [templates, setTemplates] = useState<AlertRuleList | null>(null);
  const nameOf = useRuleNames(templates);
  const load = () => {
    if (templates) return;
    // Without them there is still the empty one.
    readTemplates().then(setTemplates, () => undefined);
  };
  return (
    <select
      class="button is-small"
      aria-label={texts.fresh}
      data-testid="new-rule"
      value=""
      onFocus={load}
      onPointerDown={load}
      onChange={(event) => {
        const select = event.currentTarget;
        const { value } = select;
        select.value = '';
        if (!value) return;
        const rule = templates?.rules.find(({ id }) => id === value);
        onNew(rule ? { ...rule, name: nameOf(rule) } : null);
      }}
    >
      <option value="">{texts.freshShort}</option>
      <option value="-">{texts.blank}</option>
      <optgroup label={texts.begin}>
        {templates?.rules.map((rule) => (
          <option key={rule.id} value={rule.id}>
            {nameOf(rule)}
          </option>
        ))}
      </optgroup>
    </select>
  );
}

function Import({ onImported }: Pick<RuleToolsProps, 'onImported'>) {
  const texts = useRuleTexts();
  const input = useRef<HTMLInputElement>(null);
  const [yaml, setYaml] = useState<string | null>(null);
  const read = async (files: FileList | null) => {
    const file = files?.[0];
    if (file) setYaml(await file.text());
    if (input.current) input.current.value = '';
  };
  return (
    <>
      <button type="button" class="button is-small" onClick={() => input.current?.click()}>
        {texts.imported}
      </button>
      <input
        ref={input}
        type="file"
        accept=".yaml,.yml,application/yaml"
        hidden
        data-testid="import-rules"
        onChange={(event) => void read(event.currentTarget.files)}
      />
      {yaml !== null && (
        <ImportDialog
          yaml={yaml}
          onImported={() => {
            setYaml(null);
            onImported();
          }}
          onClose={() => setYaml(null)}
        />
      )}
    </>
  );
}

/** Says first what would change, or what is wrong. */
function ImportDialog(props: { yaml: string; onImported: () => void; onClose: () => void }) {
  const { yaml, onImported, onClose } = props;
  const texts = useRuleTexts();
  const [change, setChange] = useState<AlertRuleChange | null>(null);
  const [fault, setFault] = useState('');
  const asked = useRef(false);
  const refuse = (error: Error) => setFault(error.message);
  if (!asked.current) {
    asked.current = true;
    importRules(yaml, true).then(setChange, refuse);
  }
  const list = (ids: readonly string[]) => ids.join(', ') || '—';
  return (
    <Question
      title={texts.importTitle}
      testId="import-dialog"
      keep={texts.keep}
      confirm={texts.replace}
      isHeld={!change || fault !== ''}
      onConfirm={() => void importRules(yaml, false).then(onImported, refuse)}
      onClose={onClose}
    >
      <p role="status">
        {fault ||
          (change &&
            texts.importSays(list(change.added), list(change.changed), list(change.removed)))}
      </p>
    </Question>
  );
}
