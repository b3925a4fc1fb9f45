import { useApp } from '../app-context.ts';
import { CodeBlock } from '../components/code-block.tsx';
import { useI18n } from '../i18n/i18n.ts';
import { useStore } from '../store/use-store.ts';

/** Nothing could be shown: why, and what to do. */
export function ErrorState() {
  const { t } = useI18n();
  const fault = useStore(useApp().feed.connection, (connection) => connection.fault);
  const hasAnswered = fault === 'no-snapshot';
  return (
    <section class="panel message">
      <h2>{hasAnswered ? t.error.noDataTitle : t.error.unreachableTitle}</h2>
      <p>{hasAnswered ? t.error.noData : t.error.unreachable}</p>
      <p>{t.error.fix}</p>
      <CodeBlock label={t.error.fix} code="./llm-monitor status" />
      <p>{t.error.fixStart}</p>
      <CodeBlock label={t.error.fixStart} code="./llm-monitor start" />
      {fault && !hasAnswered && <p class="quiet">{t.error.said(fault)}</p>}
    </section>
  );
}
