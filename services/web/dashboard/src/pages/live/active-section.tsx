import { callKey } from '@llm-monitor/contracts/live';
import { useMemo } from 'preact/hooks';

import { DemoHint } from '../../components/demo-hint.tsx';
import { Section } from '../../components/section.tsx';
import { SkeletonRows } from '../../components/skeleton-rows.tsx';
import { Table } from '../../components/table.tsx';
import { useRowWindow } from '../../components/use-row-window.ts';
import { useI18n, type I18n } from '../../i18n/i18n.ts';
import { oldestFirst, type LiveState } from '../../live/live-state.ts';
import { ActiveRow } from './active-row.tsx';
import { useHeldMaximum } from './use-held-maximum.ts';

const RESERVED_ROWS = 4;
const HELD_ROWS = 10;
const HELD_MS = 30_000;

/** The running calls, oldest first: a new one joins at the end and moves no other. */
export function ActiveSection({ active }: { active: LiveState['active'] | null }) {
  const { t } = useI18n();
  const calls = useMemo(() => [...(active?.values() ?? [])].sort(oldestFirst), [active]);
  const { scroller, first, end, before, after } = useRowWindow(calls.length);
  const reserved = useHeldMaximum(Math.min(calls.length, HELD_ROWS), RESERVED_ROWS, HELD_MS);
  return (
    <Section title={t.active.title} aside={<DemoHint />}>
      <div
        class="scroller is-active"
        ref={scroller}
        tabIndex={0}
        role="group"
        aria-label={t.active.title}
        style={{ '--reserved-rows': reserved }}
      >
        <Table kind="active" label={t.active.title} columns={columnsOf(t)} rowCount={calls.length}>
          <div role="rowgroup" style={{ paddingTop: `${before}px`, paddingBottom: `${after}px` }}>
            {calls.slice(first, end).map((call, at) => (
              <ActiveRow key={callKey(call)} call={call} rowIndex={first + at + 2} />
            ))}
          </div>
        </Table>
        {active === null && <SkeletonRows rows={RESERVED_ROWS} />}
        {active?.size === 0 && <p class="nothing is-listening">{t.active.none}</p>}
      </div>
    </Section>
  );
}

function columnsOf({ columns }: I18n['t']) {
  return [
    { id: 'state', title: columns.phase },
    { id: 'model', title: columns.model },
    { id: 'prompt', title: columns.prompt },
    { id: 'app', title: columns.app },
    { id: 'host', title: columns.host },
    { id: 'time', title: columns.elapsed, isNumber: true },
    { id: 'tokens', title: columns.tokens, isNumber: true },
    { id: 'rate', title: columns.rate, isNumber: true },
  ];
}
