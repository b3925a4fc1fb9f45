import type { Stats } from '@llm-monitor/contracts/rest';

import { useRoute } from '../../app-context.ts';
import { Section } from '../../components/section.tsx';
import { useI18n } from '../../i18n/i18n.ts';
import { addressOf } from '../../routing/route.ts';
import { useItemTexts } from './item-texts.ts';

const MOST_ROWS = 50;

interface BreakdownTableProps {
  by: 'model' | 'app' | 'host';
  rows: Stats['by_model'];
}

/** Who shares in the calls, the most first. */
export function BreakdownTable({ by, rows }: BreakdownTableProps) {
  const texts = useItemTexts();
  const { t, format } = useI18n();
  const { demo } = useRoute();
  const { columns } = t;
  return (
    <Section title={texts.by[by]}>
      {rows.length === 0 && <p class="nothing">{texts.none}</p>}
      {rows.length > 0 && (
        <div class="scroller" tabIndex={0} role="group" aria-label={texts.by[by]}>
          <table class="plain-table" data-testid={`by-${by}`}>
            <thead>
              <tr>
                <th scope="col">{columns[by]}</th>
                {[columns.calls, columns.success, columns.p50, columns.p95, columns.rate].map(
                  (title) => (
                    <th key={title} scope="col">
                      {title}
                    </th>
                  ),
                )}
              </tr>
            </thead>
            <tbody>
              {rows.slice(0, MOST_ROWS).map((row) => (
                <tr key={row.name}>
                  <th scope="row">
                    {by === 'host' ? (
                      row.name || texts.unknownHost
                    ) : (
                      <a class="name-link" href={addressOf(`${by}s`, { item: row.name, demo })}>
                        {row.name}
                      </a>
                    )}
                  </th>
                  <td>{format.count(row.total_requests)}</td>
                  <td>{format.percent(row.success_rate)}</td>
                  <td>{format.duration(row.p50)}</td>
                  <td>{format.duration(row.p95)}</td>
                  <td>{format.rate(row.tokens_per_second)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </Section>
  );
}
