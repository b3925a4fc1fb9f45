import type { Status } from '@llm-monitor/contracts/rest';

import { proxyUsage } from '../proxy/proxy-address.ts';
import type { ReadinessReport } from '../stack/readiness.ts';
import type { PartState } from '../stack/stack-state.ts';
import { formatBytes, formatDuration } from '../terminal/format.ts';
import { formatTable } from '../terminal/table.ts';
import type { Style } from '../terminal/terminal.ts';

/** One part with what was found out about it. */
export interface PartRow {
  part: PartState;
  memoryBytes: number | undefined;
  health: ReadinessReport;
}

/** A proxy with what was found out about the server behind it. */
export interface ProxyRow {
  listen: string;
  upstream: string;
  /** It is that to Ollama: programs reach it by `OLLAMA_HOST`. */
  isOllama: boolean;
  answers: boolean;
}

const HEAD = ['part', 'state', 'health', 'pid', 'memory', 'uptime', 'restarts'];
const NUMBERS = new Set([3, 4, 6]);
/** A longer reason would push the columns behind it off the screen. */
const MAX_REASON = 24;

/** The parts as a table, with all memory together; what is not known is `–`. Long reasons stand below it. */
export function formatParts(rows: readonly PartRow[], nowMs: number, style: Style): string {
  const lines = rows.map(({ part, memoryBytes, health }) => [
    part.name,
    part.phase === 'running' ? style.green('running') : style.red(part.phase),
    health.ready ? style.green('ok') : style.yellow(isLong(health.why) ? 'not ready' : health.why),
    part.process && part.phase === 'running' ? String(part.process.pid) : '–',
    memoryBytes === undefined ? '–' : formatBytes(memoryBytes),
    part.phase === 'running' ? formatDuration(nowMs - part.startedAtMs) : '–',
    String(part.restarts),
  ]);
  const allBytes = rows.reduce((sum, row) => sum + (row.memoryBytes ?? 0), 0);
  const total = ['in all', '', '', '', formatBytes(allBytes), '', ''];
  const table = formatTable([HEAD.map(style.dim), ...lines, total.map(style.dim)], NUMBERS);
  const reasons = rows.flatMap(({ part, health }) =>
    health.ready || !isLong(health.why) ? [] : [style.yellow(`${part.name}: ${health.why}`)],
  );
  return reasons.length === 0 ? table : [table, '', ...reasons].join('\n');
}

const isLong = (why: string): boolean => why.length > MAX_REASON;

/** The proxies, how a program uses that to Ollama, and which of the servers behind them are away. */
export function formatProxies(proxies: readonly ProxyRow[], style: Style): string {
  return proxies
    .flatMap(({ listen, upstream, isOllama, answers }) => [
      `Proxy ${listen} → ${upstream}${isOllama ? `   any program: ${proxyUsage(listen)}` : ''}`,
      ...(answers ? [] : [style.yellow(`  nothing answers at ${upstream}: calls through it fail`)]),
    ])
    .join('\n');
}

/** The API's figures in one line. */
export function formatFigures(status: Status): string {
  const success = status.success_rate === null ? '' : `   success ${round(status.success_rate)} %`;
  return [
    `active ${status.active_requests}`,
    `total ${status.total_requests}`,
    `failed ${status.failed_requests}`,
    `tokens ${status.total_tokens}${success}`,
  ].join('   ');
}

function round(percent: number): string {
  return String(Math.round(percent * 10) / 10);
}
