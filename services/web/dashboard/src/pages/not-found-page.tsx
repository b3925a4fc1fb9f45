import { useI18n } from '../i18n/i18n.ts';
import { addressOf } from '../routing/route.ts';

export function NotFoundPage() {
  const { t } = useI18n();
  return (
    <section class="panel message">
      <h2>{t.notFound.title}</h2>
      <p>
        <a href={addressOf('live', {})}>{t.notFound.back}</a>
      </p>
    </section>
  );
}
