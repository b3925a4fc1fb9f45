import { useApp } from '../app-context.ts';
import { Icon } from '../components/icon.tsx';
import { useI18n } from '../i18n/i18n.ts';

/** To the calls above and below in the page behind. */
export function Neighbours({ id }: { id: string }) {
  const { t } = useI18n();
  const { router } = useApp();
  return (
    <>
      {(['previous', 'next'] as const).map((which) => {
        const neighbour = neighbourOf(id, which === 'next' ? 1 : -1);
        return (
          <button
            key={which}
            type="button"
            class="button is-icon"
            aria-label={t.drawer[which]}
            title={t.drawer[which]}
            data-testid={`drawer-${which}`}
            aria-disabled={neighbour === undefined}
            onClick={() => {
              const now = neighbourOf(id, which === 'next' ? 1 : -1);
              if (now !== undefined) router.turnToRequest(now);
            }}
          >
            <Icon name={which} />
          </button>
        );
      })}
    </>
  );
}

function neighbourOf(id: string, step: 1 | -1): string | undefined {
  const rows = [...document.querySelectorAll<HTMLElement>('#content .row[data-request-id]')];
  const at = rows.findIndex((row) => row.dataset['requestId'] === id);
  return at < 0 ? undefined : rows[at + step]?.dataset['requestId'];
}
