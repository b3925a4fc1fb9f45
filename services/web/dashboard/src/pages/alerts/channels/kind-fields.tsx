import type { AlertChannel, ChannelField, ChannelKind } from '@llm-monitor/contracts/alerts';

import { useI18n } from '../../../i18n/i18n.ts';
import { Select } from '../select.tsx';
import { keptSecret, type Draft } from './channel-draft.ts';
import { useChannelTexts } from './channel-texts.ts';
import { FormField } from './form-field.tsx';

interface KindFieldsProps {
  kind: ChannelKind;
  channel: AlertChannel | null;
  draft: Draft;
  onInput: (field: string, value: string) => void;
}

/** The fields of a kind, as it describes them itself. */
export function KindFields({ kind, channel, draft, onInput }: KindFieldsProps) {
  const { language } = useI18n();
  const texts = useChannelTexts();
  const { properties, required } = kind.settings;
  const hintOf = (name: string, field: ChannelField) => {
    const kept = keptSecret(channel, name);
    const secret = kept?.host ? texts.isSetAt(kept.host) : kept && texts.isSet;
    const example = field.example && !field.default ? texts.for(field.example) : undefined;
    return [secret, field.hint?.[language], secret ? undefined : example]
      .filter(Boolean)
      .join(' · ');
  };
  return (
    <>
      {Object.entries(properties).map(([name, field]) => (
        <FormField
          key={name}
          label={field.title[language]}
          hint={hintOf(name, field)}
          isNeeded={required.includes(name) && !keptSecret(channel, name)}
        >
          {(own) =>
            field.enum || field.type === 'boolean' ? (
              <Select
                {...own}
                value={draft[name] ?? ''}
                options={(field.enum ?? ['true', 'false']).map((value) => [
                  value,
                  field.choices?.[value]?.[language] ?? value,
                ])}
                onChoice={(value) => onInput(name, value)}
              />
            ) : (
              <input
                {...own}
                name={name}
                // Typed as one, since the types of inputs are told apart.
                type={(field.secret ? 'password' : 'text') as 'text'}
                inputMode={field.type === 'integer' ? 'numeric' : undefined}
                // A browser must not offer one of the person's own passwords, nor keep this one.
                autocomplete={field.secret ? 'new-password' : 'off'}
                spellcheck={false}
                maxLength={field.maxLength}
                value={draft[name] ?? ''}
                onInput={(event) => onInput(name, event.currentTarget.value)}
              />
            )
          }
        </FormField>
      ))}
    </>
  );
}
