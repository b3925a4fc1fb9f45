import { localTime } from '../query/calls-table.ts';
import type { Style } from '../terminal/terminal.ts';

const KNOWN = new Set(['level', 'time', 'service', 'msg', 'pid', 'hostname']);

/** A service's JSON line as a person reads it, with the time of this machine's zone; anything else stays as it is. */
export function formatLogLine(line: string, part: string, style: Style): string {
  const entry = parse(line);
  if (!entry) return `${style.dim(part)} ${line}`;
  const at = String(entry['time'] ?? '');
  const time = Number.isNaN(Date.parse(at)) ? '' : localTime(at).slice(11);
  const level = String(entry['level'] ?? '');
  const more = Object.entries(entry)
    .filter(([name]) => !KNOWN.has(name))
    .map(([name, value]) => style.dim(`${name}=${format(value)}`));
  const text = [String(entry['msg'] ?? ''), ...more].filter(Boolean).join(' ');
  return `${style.dim(`${part} ${time}`)} ${paint(level, style)} ${text}`;
}

function parse(line: string): Record<string, unknown> | undefined {
  if (!line.startsWith('{')) return undefined;
  try {
    return JSON.parse(line) as Record<string, unknown>;
  } catch {
    return undefined;
  }
}

function paint(level: string, style: Style): string {
  const padded = level.padEnd(5);
  if (level === 'warn') return style.yellow(padded);
  return level === 'error' || level === 'fatal' ? style.red(padded) : padded;
}

function format(value: unknown): string {
  if (typeof value === 'string') return value;
  const { message } = (value ?? {}) as { message?: unknown };
  return typeof message === 'string' ? message : JSON.stringify(value);
}
