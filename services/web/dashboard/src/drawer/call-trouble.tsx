import type { EndedRequest } from '@llm-monitor/contracts/rest';

import { Icon } from '../components/icon.tsx';
import { useI18n } from '../i18n/i18n.ts';

/** Why it did not end well: the error, or who cancelled it. */
export function CallTrouble({ call }: { call: EndedRequest }) {
  const { t } = useI18n();
  const { error, outcome } = call;
  const said = t.drawer.outcomes[outcome];
  const by = outcome === 'abandoned' ? 'abandoned' : call.cancelled_by;
  return (
    <>
      {call.status === 'cancelled' && by !== null && (
        <p class="drawer-trouble is-cancelled" data-testid="cancelled-by">
          <Icon name="cancelled" />
          <span>
            {t.drawer.cancelledBy} <b>{t.drawer.cancellers[by] ?? by}</b>
          </span>
        </p>
      )}
      {(error || said) && (
        <div class="drawer-trouble is-failed" data-testid="call-error">
          <Icon name="failed" />
          <span>
            {said && <span class="trouble-line">{said}</span>}
            {error && (
              <span class="trouble-line">
                <b>
                  {error.type}
                  {error.status === undefined ? '' : ` ${error.status}`}
                </b>{' '}
                {error.message}
              </span>
            )}
          </span>
        </div>
      )}
    </>
  );
}
