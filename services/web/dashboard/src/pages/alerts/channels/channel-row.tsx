import type { AlertChannel, ChannelKind } from '@llm-monitor/contracts/alerts';
import { useState } from 'preact/hooks';

import { Icon } from '../../../components/icon.tsx';
import { useI18n } from '../../../i18n/i18n.ts';
import { isViewer } from '../../../rest/access.ts';
import { DeleteQuestion } from '../delete-question.tsx';
import { useChannelTexts } from './channel-texts.ts';
import { removeChannel, tryChannel, writeChannel } from './channels-api.ts';

interface RowProps {
  channel: AlertChannel;
  kind: ChannelKind | undefined;
  onEdit: () => void;
  onChanged: () => void;
}

/** One channel: how it does, and what can be done with it. Its errors come from other servers: they are text. */
export function ChannelRow({ channel, kind, onEdit, onChanged }: RowProps) {
  const texts = useChannelTexts();
  const { language } = useI18n();
  const [isRemoving, setRemoving] = useState(false);
  const { said, isBusy, act } = useActions(onChanged);
  const mayNot = isViewer();
  const button = (label: string, testId: string, onClick: () => void) => (
    <button
      type="button"
      class="button is-small"
      data-testid={testId}
      title={mayNot ? texts.viewer : undefined}
      aria-disabled={mayNot || isBusy || undefined}
      onClick={() => !mayNot && !isBusy && onClick()}
    >
      {label}
    </button>
  );
  const toggle = () =>
    act(async () => {
      await writeChannel(channel.id, { enabled: !channel.enabled });
      return '';
    });
  const test = () =>
    act(async () => {
      const { ok, detail } = await tryChannel(channel.id);
      return ok ? texts.tested(detail) : texts.notTaken(detail);
    });
  return (
    <li class="channel" data-testid="channel" data-id={channel.id}>
      <input
        type="checkbox"
        class="rule-switch"
        checked={channel.enabled}
        disabled={mayNot || isBusy}
        aria-label={texts.isOn(channel.name)}
        onChange={toggle}
      />
      <div class="channel-what">
        <strong>{channel.name}</strong>
        <span class="quiet">{kind?.title[language] ?? channel.kind}</span>
        <ChannelState channel={channel} />
      </div>
      <div class="button-row">
        {button(isBusy ? texts.testing : texts.test, 'test-channel', test)}
        {button(texts.edit, 'edit-channel', onEdit)}
        {button(texts.remove, 'remove-channel', () => setRemoving(true))}
      </div>
      <p class="channel-said" role="status" data-testid="channel-said">
        {said}
      </p>
      {isRemoving && (
        <DeleteQuestion
          testId="delete-channel"
          name={channel.name}
          texts={texts}
          remove={() => removeChannel(channel.id)}
          onClose={() => setRemoving(false)}
          onDeleted={() => {
            setRemoving(false);
            onChanged();
          }}
        />
      )}
    </li>
  );
}

function ChannelState({ channel }: { channel: AlertChannel }) {
  const texts = useChannelTexts();
  const { format } = useI18n();
  const { enabled, waiting, lastSentAt, lastError } = channel;
  const isFailing = lastError !== null && (lastSentAt === null || lastError.at >= lastSentAt);
  return (
    <>
      {!enabled && <span class="quiet">{texts.off}</span>}
      {waiting > 0 && <span class="number">{texts.waiting(format.count(waiting))}</span>}
      <span class="quiet number">
        {lastSentAt === null ? texts.neverSent : texts.lastSent(format.moment(lastSentAt))}
      </span>
      {isFailing && (
        <span class="channel-fault" data-testid="channel-fault">
          <Icon name="error" />
          <span>{texts.failedAt(format.moment(lastError.at), lastError.message)}</span>
        </span>
      )}
    </>
  );
}

/** What is done takes a while, and one thing is done at a time. */
function useActions(onChanged: () => void) {
  const [said, setSaid] = useState('');
  const [isBusy, setBusy] = useState(false);
  const act = (work: () => Promise<string>) => {
    setBusy(true);
    setSaid('');
    const say = (text: string) => {
      setSaid(text);
      setBusy(false);
      onChanged();
    };
    work().then(say, (error: unknown) =>
      say(error instanceof Error ? error.message : String(error)),
    );
  };
  return { said, isBusy, act };
}
