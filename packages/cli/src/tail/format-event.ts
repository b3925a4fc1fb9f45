import { fit } from '../terminal/fit.ts';
import { formatBytes } from '../terminal/format.ts';
import { oneLine } from '../terminal/printable.ts';
import type { Style } from '../terminal/terminal.ts';
import { asObject, modelOf, type BusEvent } from './read-event.ts';

const NAME_COLUMNS = 14;
const MODEL_COLUMNS = 18;
const KIND_COLUMNS = 11;
const MAX_REST = 500;

type Data = Record<string, unknown>;

/** One event as one line for a person: when, what, whose, and what there is to say of it. */
export function formatEvent(event: BusEvent, style: Style): string {
  const { envelope, data, subject } = event;
  const time = style.dim(clockOf(envelope?.['time']));
  if (!envelope) {
    return `${time}  ${style.yellow(fit('unreadable', KIND_COLUMNS))}  ${oneLine(subject)}  ${rest(event.text)}`;
  }
  const kind = kindOf(subject);
  const whose = [data['app'] ?? data['host'], modelOf(data)];
  const [name, model] = whose.map((one) => (typeof one === 'string' ? oneLine(one) : ''));
  const names =
    name || model ? `${fit(name ?? '', NAME_COLUMNS)}  ${fit(model ?? '', MODEL_COLUMNS)}  ` : '';
  const demo = data['demo'] === true ? style.dim('demo ') : '';
  const line = `${time}  ${paintOf(kind, style)(fit(kind, KIND_COLUMNS))}  ${demo}${names}${detail(kind, data)}`;
  return line.trimEnd();
}

/** The last word of what the subject says that it is; `failed`, `loaded`, `alert fired`. */
function kindOf(subject: string): string {
  const [, area = '', ...more] = subject.split('.');
  if (area === 'progress' || area === 'dead-letter') return area;
  if (area === 'alert') return `alert ${oneLine(more[0] ?? '')}`.trim();
  if (area === 'host' && more[0] === 'sampled') return 'host';
  return oneLine(more[0] ?? area);
}

function paintOf(kind: string, style: Style): (text: string) => string {
  if (kind === 'completed' || kind === 'alert resolved') return style.green;
  if (kind === 'failed' || kind === 'dead-letter' || kind === 'alert fired') return style.red;
  if (kind === 'cancelled' || kind === 'unseen-activity') return style.yellow;
  return kind === 'started' ? style.cyan : style.dim;
}

function detail(kind: string, data: Data): string {
  switch (kind) {
    case 'started':
      return rest(text(data['promptPreview']));
    case 'completed':
    case 'failed':
    case 'cancelled':
      return [...ended(data), ...trouble(data)].map(rest).join('  ');
    case 'first-token':
      return seconds(data['ttftMs']) ?? '';
    case 'progress':
      return progress(data);
    case 'host':
      return host(data);
    case 'heartbeat':
      return `${text(data['running'])} running`;
    case 'loaded':
    case 'unloaded':
      return bytes(asObject(data['model'])?.['sizeBytes']);
    case 'listed':
      return `${count(data['models'])} models, ${count(data['loaded'])} in memory`;
    case 'unseen-activity':
      return data['until'] === undefined
        ? 'calls past the monitor'
        : 'no more calls past the monitor';
    case 'dead-letter':
      return rest(
        `${text(data['reason'])}: ${text(data['detail'])}  ${text(data['originalSubject'])}`,
      );
    default:
      return rest(JSON.stringify(data));
  }
}

function ended(data: Data): string[] {
  const usage = asObject(data['usage']) ?? {};
  const about = usage['source'] === 'estimate' ? '≈' : '';
  const tokens = usage['outputTokens'];
  const took = seconds(data['durationMs']);
  const first = seconds(data['ttftMs']);
  return [
    ...(took ? [took] : []),
    ...(typeof tokens === 'number' ? [`${about}${tokens} tokens`] : []),
    ...(first ? [`first ${first}`] : []),
  ];
}

function trouble(data: Data): string[] {
  const error = asObject(data['error']);
  const outcome = text(data['outcome']);
  const by = text(data['cancelledBy']);
  return [
    ...(outcome && outcome !== 'completed' ? [outcome] : []),
    ...(by ? [`by ${by}`] : []),
    ...(error ? [`${text(error['type'])} ${text(error['message'])}`] : []),
  ];
}

function progress(data: Data): string {
  const rate = data['tokensPerSecond'];
  const prefill = data['prefillPercent'];
  return [
    text(data['phase']),
    ...(typeof prefill === 'number' ? [`${Math.round(prefill)} % read`] : []),
    `≈${text(data['chunks'])} tokens`,
    ...(typeof rate === 'number' ? [`≈${rate.toFixed(1)}/s`] : []),
  ].join('  ');
}

function host(data: Data): string {
  const cpu = data['cpuPercent'];
  const gpus = Array.isArray(data['gpus']) ? data['gpus'] : [];
  const loads = gpus.map((gpu: unknown) => asObject(gpu)?.['loadPercent']);
  return [
    ...(typeof cpu === 'number' ? [`cpu ${Math.round(cpu)} %`] : []),
    `memory ${bytes(data['memoryUsedBytes'])} of ${bytes(data['memoryTotalBytes'])}`,
    ...loads.flatMap((load) => (typeof load === 'number' ? [`gpu ${Math.round(load)} %`] : [])),
  ].join('  ');
}

const rest = (from: string): string => oneLine(from.slice(0, MAX_REST));
const bytes = (value: unknown): string => (typeof value === 'number' ? formatBytes(value) : '–');
const count = (value: unknown): number => (Array.isArray(value) ? value.length : 0);

function text(value: unknown): string {
  return typeof value === 'string' ? value : typeof value === 'number' ? String(value) : '';
}

function seconds(ms: unknown): string | undefined {
  return typeof ms === 'number' ? `${(ms / 1000).toFixed(2)} s` : undefined;
}

/** `14:03:22`, of this machine's zone. */
function clockOf(time: unknown): string {
  const date = new Date(typeof time === 'string' ? time : Number.NaN);
  if (Number.isNaN(date.getTime())) return '--:--:--';
  return [date.getHours(), date.getMinutes(), date.getSeconds()]
    .map((part) => String(part).padStart(2, '0'))
    .join(':');
}
