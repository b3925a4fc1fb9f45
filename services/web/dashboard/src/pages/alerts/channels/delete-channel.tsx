import type { AlertChannel } from '@llm-monitor/contracts/alerts';
import { useId, useState } from 'preact/hooks';

import { Dialog } from '../../../components/dialog.tsx';
import { useChannelTexts } from './channel-texts.ts';
import { removeChannel } from './channels-api.ts';

interface DeleteProps {
  channel: AlertChannel;
  onClose: () => void;
  onDeleted: () => void;
}

/** Asks before it deletes a channel. */
export function DeleteChannel({ channel, onClose, onDeleted }: DeleteProps) {
  const texts = useChannelTexts();
  const titleId = useId();
  const [fault, setFault] = useState('');
  const confirm = () => {
    removeChannel(channel.id).then(onDeleted, (error: Error) => setFault(error.message));
  };
  return (
    <Dialog class="is-question" labelledBy={titleId} testId="delete-channel" onClose={onClose}>
      <h2 id={titleId}>{texts.removeTitle}</h2>
      <p class="cancel-call">
        <b>{channel.name}</b>
      </p>
      <p role="status">{fault || texts.consequence}</p>
      <div class="button-row is-end">
        <button type="button" class="button" onClick={onClose}>
          {texts.keep}
        </button>
        <button
          type="button"
          class="button is-danger"
          data-testid="confirm-delete-channel"
          onClick={confirm}
        >
          {texts.confirm}
        </button>
      </div>
    </Dialog>
  );
}
