import { useI18n } from '../i18n/i18n.ts';
import { reasonOf } from '../rest/api.ts';

export function CrashedPage({ error }: { error: unknown }) {
  const { t } = useI18n();
  return (
    <main class="page" id="content">
      <section class="panel message">
        <h1>{t.crashed.title}</h1>
        <p class="mono">{reasonOf(error)}</p>
        <button type="button" class="button" onClick={() => window.location.reload()}>
          {t.crashed.reload}
        </button>
      </section>
    </main>
  );
}
