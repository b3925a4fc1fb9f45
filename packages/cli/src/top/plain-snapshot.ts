import type { Style } from '../terminal/terminal.ts';
import type { LiveModel } from './live-model.ts';
import { hostLine, memoryLine, tileLine } from './summary-lines.ts';
import { tableOf } from './table.ts';
import type { UiState } from './ui-state.ts';
import type { View } from './views.ts';

const SHOWN: readonly View[] = ['calls', 'models', 'hosts'];

/** What the screen would show, once and from top to bottom: for a pipe, a log or a screen reader. */
export function plainSnapshot(
  model: LiveModel,
  { ui, width, nowMs, style }: { ui: UiState; width: number; nowMs: number; style: Style },
): string {
  const sections = SHOWN.map((view) => {
    const table = tableOf(model, { ...ui, view }, { nowMs: nowMs + model.clockAheadMs, style });
    const rows = Array.from({ length: table.count }, (_, at) => table.line(at, width).trimEnd());
    const title = style.bold(`${view} (${table.count})`);
    return [
      title,
      ...(table.count > 0 ? [style.dim(table.head(width).trimEnd()), ...rows] : []),
    ].join('\n');
  });
  const summary = [
    tileLine(model, width, style),
    memoryLine(model.models, width, style),
    hostLine(model.hosts, width, style),
  ];
  return [summary.join('\n'), ...sections].join('\n\n');
}

/** The same for a program. */
export function jsonSnapshot({
  version,
  status,
  active,
  models,
  hosts,
  recent,
}: LiveModel): object {
  return { version, status, active: [...active.values()], models, hosts, recent };
}
