import { useI18n } from '../i18n/i18n.ts';

export function NotFoundPage() {
  const { t } = useI18n();
  return (
    <main class="page" id="content">
      <section class="panel message">
        <h1>{t.notFound.title}</h1>
        <p>
          <a href="/">{t.notFound.back}</a>
        </p>
      </section>
    </main>
  );
}
