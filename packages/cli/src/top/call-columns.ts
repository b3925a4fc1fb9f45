import type { VerdictKind } from '@llm-monitor/contracts/events';
import type { ActiveRequest, EndedRequest } from '@llm-monitor/contracts/rest';

import { oneLine } from '../terminal/printable.ts';
import type { Style } from '../terminal/terminal.ts';
import { about, clock, NONE, shown } from './cell-texts.ts';
import type { SortedColumn } from './columns.ts';

/** What is wrong with a call while it runs; that it waits, its phase says. */
const TROUBLE = new Set<VerdictKind>(['stalled', 'looping', 'runaway']);

export function callColumns(nowMs: number, style: Style): SortedColumn<ActiveRequest>[] {
  const troubleOf = (call: ActiveRequest) =>
    call.verdicts?.find(({ kind }) => TROUBLE.has(kind))?.kind;
  const elapsed = (call: ActiveRequest) => (nowMs - Date.parse(call.started_at)) / 1000;
  return [
    {
      ...{ key: 'phase', title: 'phase', width: 11, rank: 0 },
      text: (call) => troubleOf(call) ?? phaseText(call),
      order: (call) => troubleOf(call) ?? call.phase,
      paint: (cell, call) => (troubleOf(call) ? style.red : paintOf(call, style))(cell),
    },
    {
      ...{ key: 'model', title: 'model', width: 16, rank: 0, grows: true },
      text: ({ model }) => oneLine(model),
      order: ({ model }) => model,
    },
    {
      ...{ key: 'app', title: 'app', width: 11, rank: 2 },
      text: ({ app }) => oneLine(app),
      order: ({ app }) => app,
    },
    {
      ...{ key: 'host', title: 'host', width: 10, rank: 6 },
      text: ({ host }) => oneLine(host ?? NONE),
      order: ({ host }) => host ?? '',
    },
    {
      ...{ key: 'elapsed', title: 'elapsed', width: 8, align: 'right' as const, rank: 1 },
      text: (call) => clock(elapsed(call)),
      order: elapsed,
    },
    {
      ...{ key: 'tokens', title: 'tokens', width: 7, align: 'right' as const, rank: 3 },
      text: (call) => about(shown(call.tokens_generated)),
      order: (call) => call.tokens_generated,
    },
    {
      ...{ key: 'rate', title: 'tok/s', width: 7, align: 'right' as const, rank: 4 },
      text: (call) => about(shown(call.tokens_per_second, 1)),
      order: (call) => call.tokens_per_second ?? -1,
    },
    {
      ...{ key: 'prompt', title: 'prompt', width: 10, rank: 5, grows: true },
      text: ({ prompt }) => oneLine(prompt ?? ''),
      order: ({ prompt }) => prompt ?? '',
      paint: (cell) => style.dim(cell),
    },
  ];
}

function phaseText({ phase, prefill_percent: prefill }: ActiveRequest): string {
  return phase === 'prompt' && prefill !== null ? `prompt ${Math.round(prefill)} %` : phase;
}

function paintOf({ phase }: ActiveRequest, style: Style): (text: string) => string {
  if (phase === 'generating') return style.green;
  return phase === 'prompt' ? style.cyan : style.yellow;
}

export function recentColumns(nowMs: number, style: Style): SortedColumn<EndedRequest>[] {
  const ago = (call: EndedRequest) => (nowMs - Date.parse(call.ended_at)) / 1000;
  return [
    {
      ...{ key: 'ago', title: 'ago', width: 8, align: 'right' as const, rank: 0 },
      text: (call) => clock(ago(call)),
      order: (call) => -ago(call),
    },
    {
      ...{ key: 'status', title: 'status', width: 9, rank: 0 },
      text: ({ status }) => status,
      order: ({ status }) => status,
      paint: (cell, { status }) =>
        status === 'completed'
          ? style.green(cell)
          : status === 'cancelled'
            ? style.yellow(cell)
            : style.red(cell),
    },
    {
      ...{ key: 'model', title: 'model', width: 16, rank: 0, grows: true },
      text: ({ model }) => oneLine(model),
      order: ({ model }) => model,
    },
    {
      ...{ key: 'app', title: 'app', width: 11, rank: 2 },
      text: ({ app }) => oneLine(app),
      order: ({ app }) => app,
    },
    {
      ...{ key: 'took', title: 'took', width: 8, align: 'right' as const, rank: 1 },
      text: (call) => clock(call.duration),
      order: (call) => call.duration,
    },
    {
      ...{ key: 'tokens', title: 'tokens', width: 7, align: 'right' as const, rank: 3 },
      text: (call) => {
        const text = shown(call.tokens_generated);
        return call.tokens_source === 'estimate' ? about(text) : text;
      },
      order: (call) => call.tokens_generated ?? -1,
    },
    {
      ...{ key: 'rate', title: 'tok/s', width: 7, align: 'right' as const, rank: 4 },
      text: (call) => shown(call.tokens_per_second, 1),
      order: (call) => call.tokens_per_second ?? -1,
    },
    {
      ...{ key: 'prompt', title: 'error or prompt', width: 15, rank: 5, grows: true },
      text: ({ error, prompt }) =>
        oneLine(error ? `${error.type}: ${error.message}` : (prompt ?? '')),
      paint: (cell, { error }) => (error ? style.red(cell) : style.dim(cell)),
    },
  ];
}
