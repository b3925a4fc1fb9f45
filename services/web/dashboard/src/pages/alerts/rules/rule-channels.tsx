import type { AlertRule } from '@llm-monitor/contracts/alerts';

import { useAnswer } from '../../../rest/use-answer.ts';
import { readChannels } from '../channels/channels-api.ts';
import { useRuleTexts } from './rule-texts.ts';

interface RuleChannelsProps {
  chosen: AlertRule['channels'];
  onChange: (chosen: AlertRule['channels']) => void;
}

/** Which channels tell of it: all that are on, also those to come, unless some are chosen. Of one that is gone the id is shown. */
export function RuleChannels({ chosen, onChange }: RuleChannelsProps) {
  const texts = useRuleTexts();
  const { value } = useAnswer('channels', 0, readChannels);
  const known = value?.channels ?? [];
  const gone = (chosen ?? []).filter((id) => known.every((channel) => channel.id !== id));
  const all = [...known, ...gone.map((id) => ({ id, name: id }))];
  const ids = chosen ?? all.map(({ id }) => id);
  if (all.length === 0 && !chosen) return null;
  const box = (label: string, isChecked: boolean, next: (isOn: boolean) => typeof chosen) => (
    <label class="choice">
      <input
        type="checkbox"
        checked={isChecked}
        onChange={(event) => onChange(next(event.currentTarget.checked))}
      />
      {label}
    </label>
  );
  return (
    <fieldset class="choices is-wide">
      <legend>{texts.channels}</legend>
      {box(texts.allChannels, !chosen, (isOn) => (isOn ? undefined : ids))}
      {all.map(({ id, name }) =>
        box(name, ids.includes(id), (isOn) =>
          isOn ? [...ids, id] : ids.filter((each) => each !== id),
        ),
      )}
      <span class="quiet" role="status">
        {ids.length === 0 && texts.nobody}
      </span>
    </fieldset>
  );
}
