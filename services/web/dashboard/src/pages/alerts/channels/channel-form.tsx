import type { AlertChannel, ChannelKind, ChannelLanguage } from '@llm-monitor/contracts/alerts';
import { useId, useRef, useState } from 'preact/hooks';

import { Dialog } from '../../../components/dialog.tsx';
import { useI18n } from '../../../i18n/i18n.ts';
import { freshId } from '../fresh-id.ts';
import { Select } from '../select.tsx';
import { draftOf, settingsOf, type Draft } from './channel-draft.ts';
import { FormField } from './form-field.tsx';
import { KindFields } from './kind-fields.tsx';
import { useChannelTexts } from './channel-texts.ts';
import { writeChannel } from './channels-api.ts';

const USUAL_EVERY_SECONDS = 15;

interface FormProps {
  kinds: readonly ChannelKind[];
  /** null: a new one */
  channel: AlertChannel | null;
  /** ids */
  taken: readonly string[];
  onSaved: () => void;
  onClose: () => void;
}

/** Adds or changes a channel. Its fields are what the kind says of itself: nothing here knows any. */
export function ChannelForm({ kinds, channel, taken, onSaved, onClose }: FormProps) {
  const texts = useChannelTexts();
  const { language } = useI18n();
  const titleId = useId();
  const form = useForm({ kinds, channel, taken, language, onSaved });
  const { kind, name, everySeconds, fault, isBusy } = form;
  return (
    <Dialog class="is-editor" labelledBy={titleId} testId="channel-form" onClose={onClose}>
      <form
        class="rule-form"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          form.save();
        }}
      >
        <h2 id={titleId}>{channel ? texts.editTitle(channel.name) : texts.newTitle}</h2>
        <div class="rule-fields">
          {!channel && (
            <FormField label={texts.kind} hint={kind.description[language]}>
              {(own) => (
                <Select
                  {...own}
                  value={kind.kind}
                  options={kinds.map((each) => [each.kind, each.title[language]])}
                  onChoice={form.setKind}
                />
              )}
            </FormField>
          )}
          <FormField label={texts.name}>
            {(own) => (
              <input
                {...own}
                name="name"
                maxLength={120}
                value={name}
                onInput={(event) => form.setName(event.currentTarget.value)}
              />
            )}
          </FormField>
          <KindFields kind={kind} channel={channel} draft={form.draft} onInput={form.setField} />
          <FormField label={texts.language}>
            {(own) => (
              <Select
                {...own}
                value={form.told}
                options={[
                  ['en', texts.languages.en],
                  ['it', texts.languages.it],
                ]}
                onChoice={(value) => form.setTold(value as ChannelLanguage)}
              />
            )}
          </FormField>
          <FormField label={texts.every} hint={texts.everyHint}>
            {(own) => (
              <input
                {...own}
                inputMode="numeric"
                value={everySeconds}
                onInput={(event) => form.setEvery(event.currentTarget.value)}
              />
            )}
          </FormField>
        </div>
        {fault && (
          <p class="field-fault" role="alert">
            {fault}
          </p>
        )}
        <div class="button-row is-end">
          <button type="button" class="button" onClick={onClose}>
            {texts.cancel}
          </button>
          <button
            type="submit"
            class="button"
            data-testid="save-channel"
            aria-disabled={isBusy || undefined}
          >
            {isBusy ? texts.saving : texts.save}
          </button>
        </div>
      </form>
    </Dialog>
  );
}

interface FormOptions extends Pick<FormProps, 'kinds' | 'channel' | 'taken' | 'onSaved'> {
  /** Of the page: a new channel begins with it. */
  language: ChannelLanguage;
}

function useForm({ kinds, channel, taken, language, onSaved }: FormOptions) {
  const first = kinds.find(({ kind }) => kind === channel?.kind) ?? kinds[0];
  if (!first) throw new Error('there are no kinds');
  const [kind, setKind] = useState<ChannelKind>(first);
  const [draft, setDraft] = useState<Draft>(() => draftOf(first, channel));
  const [name, setName] = useState(channel?.name ?? '');
  const [told, setTold] = useState<ChannelLanguage>(channel?.language ?? language);
  const [everySeconds, setEvery] = useState(String(channel?.everySeconds ?? USUAL_EVERY_SECONDS));
  const [fault, setFault] = useState('');
  const [isBusy, setShownBusy] = useState(false);
  // A second press may come before the first one is drawn.
  const busy = useRef(false);
  const save = () => {
    if (busy.current) return;
    busy.current = true;
    setShownBusy(true);
    const id = channel?.id ?? freshId(name, kind.kind, taken);
    writeChannel(id, {
      ...{ kind: kind.kind, language: told, settings: settingsOf(kind, draft) },
      name: name.trim() || id,
      everySeconds: everySeconds.trim() === '' ? USUAL_EVERY_SECONDS : Number(everySeconds),
    })
      .then(onSaved, (error: Error) => setFault(error.message))
      .finally(() => {
        busy.current = false;
        setShownBusy(false);
      });
  };
  return {
    ...{ kind, draft, name, told, everySeconds, fault, isBusy, save, setName, setTold, setEvery },
    setKind(chosen: string) {
      const next = kinds.find((each) => each.kind === chosen) ?? first;
      setKind(next);
      setDraft(draftOf(next, null));
      setFault('');
    },
    setField(field: string, value: string) {
      setDraft((before) => ({ ...before, [field]: value }));
      setFault('');
    },
  };
}
