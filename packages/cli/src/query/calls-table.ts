import type { EndedRequest } from '@llm-monitor/contracts/rest';

import { clip, widthOf } from '../terminal/fit.ts';
import { oneLine } from '../terminal/printable.ts';
import { formatTable } from '../terminal/table.ts';
import type { Style } from '../terminal/terminal.ts';

const HEAD = [
  'ended',
  'status',
  'app',
  'model',
  'took',
  'first',
  'tokens',
  'tok/s',
  'id',
  'prompt',
];
const NUMBERS = new Set([4, 5, 6, 7]);
const MAX_NAME = 24;
/** Where nobody looks, a prompt is cut as short as in a list. */
const USUAL_PROMPT = 60;
const LEAST_PROMPT = 12;

/** Ended calls as a table; the prompt takes what is left of the terminal's width. */
export function formatCalls(
  calls: readonly EndedRequest[],
  { style, columns }: { style: Style; columns: number | undefined },
): string {
  const rows = calls.map((call) => [
    localTime(call.ended_at),
    paintStatus(call.status, style),
    clip(oneLine(call.app), MAX_NAME),
    clip(oneLine(call.model), MAX_NAME),
    seconds(call.duration),
    seconds(call.time_to_first_token),
    tokens(call),
    call.tokens_per_second === null ? '–' : call.tokens_per_second.toFixed(1),
    call.id,
  ]);
  const head = HEAD.map(style.dim);
  const width =
    columns === undefined ? USUAL_PROMPT : columns - widest([head.slice(0, -1), ...rows]);
  if (width < LEAST_PROMPT) return formatTable([head.slice(0, -1), ...rows], NUMBERS);
  const prompts = calls.map(({ prompt }) => clip(oneLine(prompt ?? ''), width));
  return formatTable([head, ...rows.map((row, at) => [...row, prompts[at] ?? ''])], NUMBERS);
}

/** How wide the table is without its last column, and the gap before that. */
function widest(rows: readonly string[][]): number {
  const marked = rows.map((row) => [...row, '|']);
  const [first = ''] = formatTable(marked, NUMBERS).split('\n');
  return widthOf(first) - 1;
}

export function paintStatus(status: EndedRequest['status'], style: Style): string {
  if (status === 'completed') return style.green(status);
  return status === 'cancelled' ? style.yellow(status) : style.red(status);
}

function tokens({ tokens_generated: count, tokens_source: source }: EndedRequest): string {
  if (count === null) return '–';
  return source === 'estimate' ? `≈${count}` : String(count);
}

export const seconds = (value: number | null): string =>
  value === null ? '–' : `${value.toFixed(2)} s`;

/** `2026-05-01 10:03:22`, of this machine's zone. */
export function localTime(iso: string): string {
  const date = new Date(iso);
  const two = (value: number) => String(value).padStart(2, '0');
  const day = [date.getFullYear(), two(date.getMonth() + 1), two(date.getDate())].join('-');
  return `${day} ${[date.getHours(), date.getMinutes(), date.getSeconds()].map(two).join(':')}`;
}
