import { callKey } from '@llm-monitor/contracts/live';
import type { ActiveRequest } from '@llm-monitor/contracts/rest';
import { useState } from 'preact/hooks';

import { useApp } from '../app-context.ts';
import { Icon } from '../components/icon.tsx';
import { useI18n } from '../i18n/i18n.ts';
import { isViewer } from '../rest/access.ts';
import { useStore } from '../store/use-store.ts';
import { CancelDialog } from './cancel-dialog.tsx';

/**
 * Asks before it cancels. In a row whose call has ended it leads to the details instead: the same button, so that a focus on it
 * is not lost, and a late press does no harm.
 */
export function CancelButton({ call, hasEnded }: { call: ActiveRequest; hasEnded: boolean }) {
  const { t } = useI18n();
  const { cancellations, router } = useApp();
  const key = callKey(call);
  const isPending = useStore(cancellations.pending, (pending) => pending.has(key)) && !hasEnded;
  const [isAsking, setAsking] = useState(false);
  const press = () => {
    if (hasEnded) router.openRequest(call.id);
    else if (!isPending && !isViewer()) setAsking(true);
  };
  const mayNot = !hasEnded && isViewer();
  const word = hasEnded ? t.cancel.details : isPending ? t.cancel.pending : t.cancel.button;
  return (
    <>
      <button
        type="button"
        class="button is-small is-cancel"
        data-testid="cancel-button"
        data-pending={isPending || undefined}
        title={mayNot ? t.cancel.viewer : undefined}
        aria-label={hasEnded || isPending ? undefined : t.cancel.buttonOf(call.model, call.app)}
        aria-description={mayNot ? t.cancel.viewer : undefined}
        aria-disabled={isPending || mayNot || undefined}
        onClick={press}
      >
        {!hasEnded && <Icon name={isPending ? 'connecting' : 'cancelled'} />}
        <span class="cancel-word">{word}</span>
      </button>
      {isAsking && (
        <CancelDialog call={call} hasEnded={hasEnded} onClose={() => setAsking(false)} />
      )}
    </>
  );
}
