import { clip, fit, widthOf } from '../terminal/fit.ts';
import { oneLine } from '../terminal/printable.ts';
import type { Style } from '../terminal/terminal.ts';
import { helpLines } from './help-lines.ts';
import type { LinkState } from './live-link.ts';
import type { LiveModel } from './live-model.ts';
import { hostLine, memoryLine, tileLine } from './summary-lines.ts';
import { tableOf, type LiveTable } from './table.ts';
import type { UiState } from './ui-state.ts';
import { VIEWS } from './views.ts';

/** The server speaks at least every 2 s: after this silence what is shown may be old. */
const STALE_AFTER_MS = 5000;
/** Below these heights the lines about machines, and then the tiles, give their room to the table. */
const ROWS_FOR_MACHINES = 14;
const ROWS_FOR_TILES = 8;

/** All that a screen is made of. */
export interface ScreenInput {
  /** Undefined before anything was heard. */
  model: LiveModel | undefined;
  link: LinkState;
  ui: UiState;
  size: { columns: number; rows: number };
  nowMs: number;
  webUrl: string;
  style: Style;
}

/** Exactly as many lines as the terminal has, none wider than it. */
export function renderScreen(input: ScreenInput): string[] {
  const { model, ui, size } = input;
  const { columns: width, rows } = size;
  const lines = [titleLine(input)];
  if (!model) lines.push('', ...waitingLines(input));
  else if (ui.mode === 'help') lines.push('', ...helpLines(width));
  else {
    if (rows >= ROWS_FOR_TILES) lines.push(tileLine(model, width, input.style));
    if (rows >= ROWS_FOR_MACHINES) {
      lines.push(
        memoryLine(model.models, width, input.style),
        hostLine(model.hosts, width, input.style),
        '',
      );
    }
    lines.push(...tableLines(input, model, rows - lines.length - 1));
  }
  const shown = lines.slice(0, Math.max(0, rows - 1));
  while (shown.length < rows - 1) shown.push('');
  return [...shown, footLine(input)];
}

/** The table that a view shows, and the row in it that is selected: a call stays so though rows move. */
export function selectedTable(
  { ui, nowMs, style }: Pick<ScreenInput, 'ui' | 'nowMs' | 'style'>,
  model: LiveModel,
): { table: LiveTable; row: number } {
  const table = tableOf(model, ui, { nowMs: nowMs + model.clockAheadMs, style });
  const held = ui.selected === undefined ? undefined : table.rowOf(ui.selected);
  return { table, row: held ?? Math.min(ui.row, Math.max(0, table.count - 1)) };
}

function titleLine({ link, ui, size, nowMs, webUrl, model, style }: ScreenInput): string {
  const name = 'LLM Monitor';
  const where = ` ${webUrl}${ui.isDemo ? '   demo traffic' : ''}`;
  const [state, paint] = stateOf({ link, ui, nowMs, hasData: model !== undefined }, style);
  const room = size.columns - widthOf(state) - 1;
  const left = fit(name + where, Math.max(0, room));
  const painted = left.startsWith(name)
    ? style.bold(style.cyan(name)) + style.dim(left.slice(name.length))
    : left;
  return `${painted} ${paint(clip(state, size.columns))}`;
}

function stateOf(
  { link, ui, nowMs, hasData }: { link: LinkState; ui: UiState; nowMs: number; hasData: boolean },
  style: Style,
): [text: string, paint: (text: string) => string] {
  const silentMs = nowMs - (link.heardAtMs ?? nowMs);
  const age = `data ${Math.round(silentMs / 1000)} s old`;
  if (link.phase === 'reconnecting') return [`◌ reconnecting, ${age}`, style.red];
  if (!hasData) return ['◌ connecting', style.yellow];
  if (silentMs > STALE_AFTER_MS) return [`◌ stale, ${age}`, style.red];
  return ui.isPaused ? ['‖ paused', style.yellow] : ['● live', style.green];
}

function waitingLines({ link, webUrl, size }: ScreenInput): string[] {
  const fault = link.fault === undefined ? '' : ` (${oneLine(link.fault)})`;
  return [clip(`Connecting to ${webUrl} …${fault}`, size.columns)];
}

function tableLines(input: ScreenInput, model: LiveModel, room: number): string[] {
  const { ui, size, style } = input;
  const { table, row } = selectedTable(input, model);
  // A mark before each line says which one is selected, without colours too.
  const width = size.columns - 2;
  const body = Math.max(0, room - 2);
  const from = Math.max(0, Math.min(row - body + 1, table.count - body));
  const lines = [tabLine(ui, table, size.columns, style), `  ${style.dim(table.head(width))}`];
  for (let at = from; at < Math.min(table.count, from + body); at++) {
    const line = table.line(at, width);
    lines.push(at === row ? `${style.cyan('›')} ${style.bold(line)}` : `  ${line}`);
  }
  if (table.count === 0) lines.push(`  ${style.dim(clip(emptyText(ui), width))}`);
  return lines;
}

function emptyText({ view, filter, isDemo }: UiState): string {
  if (filter !== '') return `Nothing here has "${oneLine(filter)}".`;
  if (view === 'calls') return isDemo ? 'No demo call runs.' : 'No call runs.';
  return 'Nothing yet.';
}

function tabLine(ui: UiState, table: LiveTable, width: number, style: Style): string {
  const tabs = VIEWS.map((view, at) => {
    const text = `${at + 1} ${view}${view === ui.view ? ` (${table.count})` : ''}`;
    return { text, painted: view === ui.view ? style.bold(`[${text}]`) : style.dim(` ${text} `) };
  });
  const plain = tabs.map(({ text }) => ` ${text} `).join('');
  const filter = ui.filter === '' && ui.mode !== 'filter' ? '' : `  filter: ${oneLine(ui.filter)}`;
  if (widthOf(plain) > width) return clip(`[${ui.view}]${filter}`, width);
  const left = width - widthOf(plain);
  return tabs.map(({ painted }) => painted).join('') + clip(filter, left);
}

function footLine({ ui, model, size, style }: ScreenInput): string {
  const width = size.columns;
  if (ui.mode === 'filter') {
    return clip(`Filter: ${oneLine(ui.filter)}▏  Enter keeps it, Esc clears it`, width);
  }
  if (ui.mode === 'confirm' && model) return style.yellow(fit(question(model, ui), width));
  if (ui.message !== '') return style.yellow(clip(oneLine(ui.message), width));
  const keys = [
    'q quit',
    '? help',
    '1-4 view',
    '/ filter',
    's sort',
    'r reverse',
    'p pause',
    'c cancel',
    'd demo',
  ];
  let line = '';
  for (const key of keys) {
    const next = line === '' ? key : `${line}  ${key}`;
    if (widthOf(next) > width) break;
    line = next;
  }
  return style.dim(clip(line, width));
}

/** What is about to happen, and to which call; the answer is first, since the rest may not fit. */
function question(model: LiveModel, ui: UiState): string {
  const call = model.active.get(ui.cancelling ?? '');
  if (!call) return 'This call has ended. Any key goes back.';
  return `Cancel? y/N  ${oneLine(call.model)} of ${oneLine(call.app)}: its program gets an error, the answer so far is all there is`;
}
