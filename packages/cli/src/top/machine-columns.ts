import type { Host, ModelStats } from '@llm-monitor/contracts/rest';

import { formatBytes } from '../terminal/format.ts';
import { oneLine } from '../terminal/printable.ts';
import type { Style } from '../terminal/terminal.ts';
import { clock, NONE, percent, shown } from './cell-texts.ts';
import type { SortedColumn } from './columns.ts';

export function modelColumns(style: Style): SortedColumn<ModelStats>[] {
  const memory = ({ hosts }: ModelStats) =>
    hosts.reduce((sum, { memory_bytes: bytes }) => sum + (bytes ?? 0), 0);
  return [
    {
      ...{ key: 'model', title: 'model', width: 22, rank: 0, grows: true },
      text: ({ name }) => oneLine(name),
      order: ({ name }) => name,
    },
    {
      ...{ key: 'loaded', title: 'memory', width: 9, align: 'right' as const, rank: 1 },
      text: (model) =>
        model.loaded ? (memory(model) > 0 ? formatBytes(memory(model)) : 'yes') : NONE,
      order: memory,
      paint: (cell, { loaded }) => (loaded ? style.green(cell) : style.dim(cell)),
    },
    {
      ...{ key: 'active', title: 'active', width: 7, align: 'right' as const, rank: 0 },
      text: (model) => shown(model.active_requests),
      order: (model) => model.active_requests,
    },
    {
      ...{ key: 'calls', title: 'calls', width: 7, align: 'right' as const, rank: 2 },
      text: (model) => shown(model.total_requests),
      order: (model) => model.total_requests,
    },
    {
      ...{ key: 'success', title: 'success', width: 8, align: 'right' as const, rank: 4 },
      text: (model) => percent(model.success_rate),
      order: (model) => model.success_rate ?? -1,
      paint: (cell, { success_rate: rate }) =>
        rate !== null && rate < 95 ? style.red(cell) : cell,
    },
    {
      ...{ key: 'p95', title: 'p95', width: 8, align: 'right' as const, rank: 3 },
      text: ({ p95 }) => (p95 === null ? NONE : clock(p95)),
      order: ({ p95 }) => p95 ?? -1,
    },
    {
      ...{ key: 'rate', title: 'tok/s', width: 7, align: 'right' as const, rank: 5 },
      text: (model) => shown(model.tokens_per_second, 1),
      order: (model) => model.tokens_per_second ?? -1,
    },
    {
      ...{ key: 'tokens', title: 'tokens', width: 9, align: 'right' as const, rank: 6 },
      text: (model) => shown(model.total_tokens),
      order: (model) => model.total_tokens,
    },
  ];
}

export function hostColumns(style: Style): SortedColumn<Host>[] {
  const load = (cell: string, value: number | null) =>
    value === null
      ? style.dim(cell)
      : value >= 90
        ? style.red(cell)
        : value >= 70
          ? style.yellow(cell)
          : cell;
  const gpu = ({ gpus }: Host) =>
    (gpus ?? []).reduce<number | null>(
      (most, { load_percent: of }) => (of === null ? most : Math.max(of, most ?? 0)),
      null,
    );
  return [
    {
      ...{ key: 'host', title: 'host', width: 14, rank: 0 },
      text: ({ name }) => oneLine(name),
      order: ({ name }) => name,
      paint: (cell, { online }) => (online ? cell : style.dim(cell)),
    },
    {
      ...{ key: 'cpu', title: 'cpu', width: 6, align: 'right' as const, rank: 0 },
      text: (host) => percent(host.cpu_percent),
      order: (host) => host.cpu_percent ?? -1,
      paint: (cell, host) => load(cell, host.cpu_percent),
    },
    {
      ...{ key: 'memory', title: 'mem', width: 6, align: 'right' as const, rank: 1 },
      text: (host) => percent(host.memory_percent),
      order: (host) => host.memory_percent ?? -1,
      paint: (cell, host) => load(cell, host.memory_percent),
    },
    {
      ...{ key: 'gpu', title: 'gpu', width: 6, align: 'right' as const, rank: 2 },
      text: (host) => percent(gpu(host)),
      order: (host) => gpu(host) ?? -1,
      paint: (cell, host) => load(cell, gpu(host)),
    },
    {
      ...{ key: 'loaded', title: 'in memory', width: 20, rank: 3, grows: true },
      text: ({ models_loaded: loaded }) =>
        loaded.map(({ name }) => oneLine(name)).join(', ') || NONE,
    },
    {
      ...{ key: 'server', title: 'server', width: 22, rank: 4 },
      text: ({ online, server }) =>
        !online
          ? 'silent'
          : !server
            ? NONE
            : oneLine(
                `${server.provider} ${server.version ?? ''} ${server.reachable ? '' : 'away'}`,
              ),
    },
  ];
}
