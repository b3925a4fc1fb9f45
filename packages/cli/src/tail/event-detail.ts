import { formatBytes } from '../terminal/format.ts';
import { oneLine } from '../terminal/printable.ts';
import { asObject } from './read-event.ts';

const MAX_REST = 500;

type Data = Record<string, unknown>;

/** What there is to say of an event, beside when it was, what it is and whose. */
export function eventDetail(kind: string, data: Data): string {
  // A kind is a word of the subject, which whoever publishes chooses.
  const detail = Object.hasOwn(DETAILS, kind) ? DETAILS[kind] : undefined;
  return detail ? detail(data) : rest(JSON.stringify(data));
}

const DETAILS: Readonly<Record<string, (data: Data) => string>> = {
  started: (data) => rest(text(data['promptPreview'])),
  ...{ completed: outcome, failed: outcome, cancelled: outcome },
  'first-token': (data) => seconds(data['ttftMs']) ?? '',
  ...{ progress, host, verdict, trade },
  heartbeat: (data) => `${text(data['running'])} running`,
  ...{ loaded: size, unloaded: size },
  listed: (data) => `${count(data['models'])} models, ${count(data['loaded'])} in memory`,
  'unseen-activity': (data) =>
    data['until'] === undefined ? 'calls past the monitor' : 'no more calls past the monitor',
  'dead-letter': (data) =>
    rest(`${text(data['reason'])}: ${text(data['detail'])}  ${text(data['originalSubject'])}`),
  ...{ 'alert fired': alert, 'alert resolved': alert },
  'alert notified': (data) => rest(text(data['title'])),
};

function outcome(data: Data): string {
  return [...ended(data), ...trouble(data)].map(rest).join('  ');
}

function size(data: Data): string {
  return bytes(asObject(data['model'])?.['sizeBytes']);
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
  const how = text(data['outcome']);
  const by = text(data['cancelledBy']);
  return [
    ...(how && how !== 'completed' ? [how] : []),
    ...(by ? [`by ${by}`] : []),
    ...(error ? [`${text(error['type'])} ${text(error['message'])}`] : []),
  ];
}

/** `stalled  limitSeconds 14`: what was found, and the numbers that say why. */
function verdict(data: Data): string {
  const found = asObject(data['verdict']) ?? {};
  const why = Object.entries(asObject(found['reason']) ?? {}).filter(
    ([, value]) => typeof value === 'number',
  );
  const over = text(data['cleared']);
  return rest(
    [
      text(found['kind']),
      ...(over ? [`no longer: ${over}`] : why.map(([name, value]) => `${name} ${String(value)}`)),
    ].join(', '),
  );
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

function alert(data: Data): string {
  const of = Object.entries(asObject(data['of']) ?? {}).map(
    ([name, value]) => `${name} ${text(value)}`,
  );
  const value = `${text(data['metric'])} ${text(data['value'])} ${text(data['unit'])}`;
  const limit = `${text(data['comparator'])} ${text(data['threshold'])}`;
  return rest(
    [`${text(data['severity'])}: ${text(data['name'])}`, ...of, `${value} ${limit}`].join(', '),
  );
}

function trade(data: Data): string {
  const ratio = data['profitRatio'];
  return rest(
    [
      text(data['kind']),
      text(data['pair']),
      ...(typeof ratio === 'number' ? [`${(100 * ratio).toFixed(2)} %`] : []),
      text(data['exitReason']) || text(data['text']),
    ].join(' '),
  );
}

/** Some of a text from outside, as one line. */
export function rest(from: string): string {
  return oneLine(from.slice(0, MAX_REST));
}

const bytes = (value: unknown): string => (typeof value === 'number' ? formatBytes(value) : '–');
const count = (value: unknown): number => (Array.isArray(value) ? value.length : 0);

/** Anybody may publish any text where a number is due, too: none steers the terminal. */
function text(value: unknown): string {
  return typeof value === 'string' ? rest(value) : typeof value === 'number' ? String(value) : '';
}

function seconds(ms: unknown): string | undefined {
  return typeof ms === 'number' ? `${(ms / 1000).toFixed(2)} s` : undefined;
}
