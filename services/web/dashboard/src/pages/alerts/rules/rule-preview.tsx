import type { AlertPreview, AlertRule, RuleProblem } from '@llm-monitor/contracts/alerts';
import { useEffect, useState } from 'preact/hooks';

import { subjectOf } from '../../../alerts/alert-line.tsx';
import { useValueText } from '../../../alerts/value-text.ts';
import type { ApiError } from '../../../rest/api.ts';
import { previewRule } from '../alerts-api.ts';
import { useRuleTexts } from './rule-texts.ts';

/** While somebody types nothing is asked. */
const CALM_MS = 300;
const NAMED = 3;

interface Preview {
  found: AlertPreview | null;
  /** By field; they are the server's, so that there is one list of what is allowed. */
  problems: readonly RuleProblem[];
  /** Why nothing can be said. */
  fault: string;
}

/** What the rule would do now, and what is wrong with it. */
export function usePreview(rule: AlertRule): Preview {
  const [preview, setPreview] = useState<Preview>({ found: null, problems: [], fault: '' });
  const text = JSON.stringify(rule);
  useEffect(() => {
    let isWanted = true;
    const timer = setTimeout(() => {
      previewRule(rule).then(
        (found) => isWanted && setPreview({ found, problems: [], fault: '' }),
        ({ problems, message }: ApiError) => {
          if (!isWanted) return;
          setPreview({ found: null, problems, fault: problems.length > 0 ? '' : message });
        },
      );
    }, CALM_MS);
    return () => {
      isWanted = false;
      clearTimeout(timer);
    };
  }, [text]);
  return preview;
}

/** `Now: 3 requests, it would not fire` */
export function PreviewLine({ preview: { found, fault } }: { preview: Preview }) {
  const texts = useRuleTexts();
  const valueText = useValueText();
  const values = found?.values.slice(0, NAMED).map(({ of, value }) => {
    const subject = subjectOf({ of });
    return `${subject ? `${subject} ` : ''}${valueText(value, found.unit)}`;
  });
  const said = () => {
    if (!found) return fault;
    if (found.held) return texts.held;
    if (!values?.length) return texts.nothingThere;
    return `${texts.now}: ${values.join(', ')}; ${found.fires ? texts.wouldFire : texts.wouldNot}.`;
  };
  return (
    <p class="rule-preview" role="status" data-testid="rule-preview">
      {said()}
    </p>
  );
}
