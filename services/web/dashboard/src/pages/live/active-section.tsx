import type { LiveState } from '@llm-monitor/contracts/live';
import { useMemo, useRef } from 'preact/hooks';

import { DemoHint } from '../../components/demo-hint.tsx';
import { Section } from '../../components/section.tsx';
import { SkeletonRows } from '../../components/skeleton-rows.tsx';
import { Table } from '../../components/table.tsx';
import { useHold } from '../../components/use-hold.ts';
import { useRowWindow } from '../../components/use-row-window.ts';
import { useI18n, type I18n } from '../../i18n/i18n.ts';
import { steadyRows, type SteadyRow } from '../../live/steady-rows.ts';
import { ActiveRow } from './active-row.tsx';
import { useHeldMaximum } from './use-held-maximum.ts';
import { usePartly } from './use-partly.ts';

const RESERVED_ROWS = 4;
const HELD_ROWS = 10;
const HELD_MS = 30_000;

/** The running calls, oldest first: a new one joins at the end and moves no other, and none moves under the pointer. */
export function ActiveSection({ live }: { live: LiveState | null }) {
  const { t } = useI18n();
  const area = useRef<HTMLDivElement>(null);
  const rows = useSteadyRows(live, useHold(area));
  const { scroller, first, end, before, after } = useRowWindow(rows.length);
  const reserved = useHeldMaximum(Math.min(rows.length, HELD_ROWS), RESERVED_ROWS, HELD_MS);
  return (
    <Section title={t.active.title} note={usePartly(live)} aside={<DemoHint />}>
      <div ref={area}>
        <div
          class="scroller is-active"
          ref={scroller}
          tabIndex={0}
          role="group"
          aria-label={t.active.title}
          style={{ '--reserved-rows': reserved }}
        >
          <Table kind="active" label={t.active.title} columns={columnsOf(t)} rowCount={rows.length}>
            <div role="rowgroup" style={{ paddingTop: `${before}px`, paddingBottom: `${after}px` }}>
              {rows.slice(first, end).map((row, at) => (
                <ActiveRow
                  key={row.key}
                  call={row.call}
                  hasEnded={row.hasEnded}
                  end={row.end}
                  rowIndex={first + at + 2}
                />
              ))}
            </div>
          </Table>
          {live === null && <SkeletonRows rows={RESERVED_ROWS} />}
          {live && rows.length === 0 && <p class="nothing is-listening">{t.active.none}</p>}
        </div>
      </div>
    </Section>
  );
}

function useSteadyRows(live: LiveState | null, isHeld: boolean): readonly SteadyRow[] {
  const shown = useRef<readonly SteadyRow[]>([]);
  return useMemo(() => {
    shown.current = live ? steadyRows(shown.current, live, isHeld) : [];
    return shown.current;
  }, [live?.active, live?.recent, isHeld]);
}

function columnsOf({ columns, cancel }: I18n['t']) {
  return [
    { id: 'state', title: columns.phase },
    { id: 'model', title: columns.model },
    { id: 'prompt', title: columns.prompt },
    { id: 'app', title: columns.app },
    { id: 'host', title: columns.host },
    { id: 'time', title: columns.elapsed, isNumber: true },
    { id: 'tokens', title: columns.tokens, isNumber: true },
    { id: 'rate', title: columns.rate, isNumber: true },
    { id: 'cancel', title: cancel.button, isHidden: true },
  ];
}
