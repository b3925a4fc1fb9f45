import type { ActiveRequest } from '@llm-monitor/contracts/rest';
import { useEffect, useId, useRef, useState } from 'preact/hooks';

import { useApp } from '../app-context.ts';
import { Dialog } from '../components/dialog.tsx';
import { Icon } from '../components/icon.tsx';
import { Prompt } from '../components/prompt.tsx';
import { useI18n } from '../i18n/i18n.ts';
import type { CancelOutcome } from './cancellations.ts';

interface CancelDialogProps {
  call: ActiveRequest;
  /** meanwhile, by itself */
  hasEnded: boolean;
  onClose: () => void;
}

type Progress = 'asking' | 'pending' | CancelOutcome;

/** Says what cancelling does, does it, and says what came of it. It closes by itself only when the call was aborted. */
export function CancelDialog({ call, hasEnded, onClose }: CancelDialogProps) {
  const { t } = useI18n();
  const { cancellations } = useApp();
  const titleId = useId();
  const [progress, setProgress] = useState<Progress>('asking');
  const wasPressed = useRef(false);
  const outcome = outcomeOf(progress, hasEnded);
  const confirm = () => {
    // A second press may come before the first one is drawn.
    if (wasPressed.current) return;
    wasPressed.current = true;
    setProgress('pending');
    void cancellations.cancel(call).then((came) => {
      setProgress(came);
      if (came.kind === 'aborted') onClose();
    });
  };
  return (
    <Dialog class="is-question" labelledBy={titleId} testId="cancel-dialog" onClose={onClose}>
      <h2 id={titleId}>{outcome ? t.cancel.outcomes[outcome.kind] : t.cancel.title}</h2>
      <p class="cancel-call">
        <b>{call.model}</b> · {call.app}
        <Prompt text={call.prompt} />
      </p>
      {outcome ? <CancelFault outcome={outcome} /> : <p>{t.cancel.consequence}</p>}
      <div class="button-row is-end">
        {outcome ? (
          <CloseButton onClose={onClose} />
        ) : (
          <>
            <button type="button" class="button" onClick={onClose}>
              {t.cancel.keep}
            </button>
            <button
              type="button"
              class="button is-danger"
              data-testid="cancel-confirm"
              aria-disabled={progress === 'pending' || undefined}
              onClick={confirm}
            >
              <Icon name={progress === 'pending' ? 'connecting' : 'cancelled'} />
              {progress === 'pending' ? t.cancel.pending : t.cancel.confirm}
            </button>
          </>
        )}
      </div>
    </Dialog>
  );
}

/** What is to be told, if anything. A call that ends while it is asked about needs no more answer. */
function outcomeOf(progress: Progress, hasEnded: boolean): CancelOutcome | null {
  if (progress === 'asking') return hasEnded ? { kind: 'ended', reason: null } : null;
  if (progress === 'pending' || progress.kind === 'aborted') return null;
  return progress;
}

function CancelFault({ outcome }: { outcome: CancelOutcome }) {
  const { t } = useI18n();
  return (
    <div role="status" data-testid="cancel-outcome" data-kind={outcome.kind}>
      <p>{t.cancel.meanings[outcome.kind]}</p>
      {outcome.reason && <p class="quiet">{t.error.said(outcome.reason)}</p>}
    </div>
  );
}

/** Takes the focus, since the button that had it is gone. */
function CloseButton({ onClose }: { onClose: () => void }) {
  const { t } = useI18n();
  const button = useRef<HTMLButtonElement>(null);
  useEffect(() => button.current?.focus(), []);
  return (
    <button ref={button} type="button" class="button" onClick={onClose}>
      {t.close}
    </button>
  );
}
