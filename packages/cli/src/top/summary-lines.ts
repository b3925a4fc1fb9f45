import { OPERATIONS_WITHOUT_INFERENCE } from '@llm-monitor/contracts/events';
import type { EndedRequest, Host, ModelStats } from '@llm-monitor/contracts/rest';

import { clip, widthOf } from '../terminal/fit.ts';
import { formatBytes } from '../terminal/format.ts';
import { oneLine } from '../terminal/printable.ts';
import type { Style } from '../terminal/terminal.ts';
import type { LiveModel } from './live-model.ts';
import { clock } from './cell-texts.ts';

const GAP = '   ';
const NAME_COLUMNS = 24;

/** Active calls, tokens a second, success, errors and response time in one line; what there is no room for is left out at its end. */
export function tileLine(model: LiveModel, width: number, style: Style): string {
  const { status, active, recent } = model;
  const generating = [...active.values()].filter(({ phase }) => phase === 'generating');
  const rate = generating.reduce((sum, call) => sum + (call.tokens_per_second ?? 0), 0);
  const success = status.success_rate === null ? '–' : `${status.success_rate.toFixed(1)} %`;
  const p95 = percentile95(recent);
  const tiles: [label: string, value: string, paint?: ((text: string) => string) | undefined][] = [
    ['active', String(active.size), style.bold],
    ['tokens/s', generating.length > 0 ? `≈${rate.toFixed(1)}` : '0', style.bold],
    [
      'success',
      success,
      status.success_rate !== null && status.success_rate < 95 ? style.red : style.green,
    ],
    [
      'errors',
      String(status.failed_requests),
      status.failed_requests > 0 ? style.yellow : undefined,
    ],
    ['p95', p95 === undefined ? '–' : clock(p95)],
    ['calls', String(status.total_requests)],
    ['tokens', String(status.total_tokens)],
  ];
  if (status.status === 'degraded') tiles.unshift(['events', 'not collected', style.red]);
  return joined(
    tiles.map(([label, value, paint = (text) => text]) => ({
      plain: `${label} ${value}`,
      painted: `${style.dim(label)} ${paint(value)}`,
    })),
    width,
  );
}

/** What the servers hold in memory, and until when. */
export function memoryLine(models: readonly ModelStats[], width: number, style: Style): string {
  const loaded = models.filter((model) => model.loaded);
  const texts = loaded.map(({ name, hosts }) => {
    const [at] = hosts.filter((host) => host.loaded);
    const size = at?.memory_bytes ? ` ${formatBytes(at.memory_bytes)}` : '';
    const until = at?.expires_at ? ` until ${timeOf(at.expires_at)}` : '';
    return {
      plain: `${oneLine(name)}${size}${until}`,
      painted: `${oneLine(name)}${style.dim(`${size}${until}`)}`,
    };
  });
  return labelled(
    'in memory',
    texts.length > 0 ? texts : [{ plain: 'nothing', painted: 'nothing' }],
    width,
    style,
  );
}

export function hostLine(hosts: readonly Host[], width: number, style: Style): string {
  const texts = hosts.map((host) => {
    const name = clip(oneLine(host.name), NAME_COLUMNS);
    const gpus = (host.gpus ?? [])
      .map(({ load_percent: load }) => load)
      .filter((load) => load !== null);
    const figures = host.online
      ? [
          ['cpu', host.cpu_percent],
          ['mem', host.memory_percent],
          ...gpus.map((load) => ['gpu', load]),
        ].flatMap(([label, value]) =>
          typeof value === 'number' ? [`${label} ${Math.round(value)} %`] : [],
        )
      : ['silent'];
    const unseen = host.unseen_activity ? ' unseen calls' : '';
    const figured = figures.join(' ');
    return {
      plain: `${name} ${figured}${unseen}`,
      painted: `${style.bold(name)} ${host.online ? figured : style.red(figured)}${style.yellow(unseen)}`,
    };
  });
  return labelled(
    'hosts',
    texts.length > 0 ? texts : [{ plain: 'no agent', painted: 'no agent' }],
    width,
    style,
  );
}

interface Piece {
  plain: string;
  painted: string;
}

function labelled(label: string, pieces: Piece[], width: number, style: Style): string {
  return joined([{ plain: label, painted: style.dim(label) }, ...pieces], width);
}

/** As many pieces as fit; of the first that does not, what there is room for. */
function joined(pieces: readonly Piece[], width: number): string {
  let line = '';
  let left = width;
  for (const { plain, painted } of pieces) {
    const gap = line === '' ? '' : GAP;
    if (widthOf(gap + plain) > left) return line + clip(gap + plain, left);
    line += gap + painted;
    left -= widthOf(gap + plain);
  }
  return line;
}

/** Of the completed inferences that are shown: an observed value. */
function percentile95(recent: readonly EndedRequest[]): number | undefined {
  const durations = recent
    .filter(
      ({ status, operation }) =>
        status === 'completed' && !OPERATIONS_WITHOUT_INFERENCE.has(operation ?? ''),
    )
    .map(({ duration }) => duration)
    .toSorted((a, b) => a - b);
  return durations[Math.ceil(0.95 * durations.length) - 1];
}

export function timeOf(at: string | number): string {
  const date = new Date(at);
  if (Number.isNaN(date.getTime())) return '–';
  return [date.getHours(), date.getMinutes()]
    .map((part) => String(part).padStart(2, '0'))
    .join(':');
}
