/** One value with its labels. `suffix` is what follows the family's name: `_bucket`, `_sum`, `_total` … */
export interface Sample {
  suffix?: '_bucket' | '_count' | '_sum' | '_total' | '_info';
  labels: Labels;
  value: number;
}

export type Labels = Readonly<Record<string, string>>;

/** All samples of one metric. */
export interface Family {
  /** Without `_total` and the like. */
  name: string;
  type: 'counter' | 'gauge' | 'histogram';
  help: string;
  samples: readonly Sample[];
}

export type ExpositionFormat = 'text' | 'openmetrics';

export const EXPOSITION_TYPES: Record<ExpositionFormat, string> = {
  text: 'text/plain; version=0.0.4; charset=utf-8',
  openmetrics: 'application/openmetrics-text; version=1.0.0; charset=utf-8',
};

/** Which format an asker takes: Prometheus asks for OpenMetrics by name. */
export const expositionFor = (accept: string | undefined): ExpositionFormat =>
  accept?.includes('application/openmetrics-text') ? 'openmetrics' : 'text';

/** Writes families as Prometheus reads them. A family without samples is left out. */
export function writeExposition(families: readonly Family[], format: ExpositionFormat): string {
  const lines: string[] = [];
  for (const { name, type, help, samples } of families) {
    if (samples.length === 0) continue;
    // A counter's own name ends in _total in the older format, and does not in OpenMetrics.
    const named = type === 'counter' && format === 'text' ? `${name}_total` : name;
    lines.push(`# HELP ${named} ${escapeHelp(help, format)}`, `# TYPE ${named} ${type}`);
    for (const { suffix = '', labels, value } of samples) {
      lines.push(`${name}${suffix}${writeLabels(labels)} ${writeNumber(value)}`);
    }
  }
  if (format === 'openmetrics') lines.push('# EOF');
  return `${lines.join('\n')}\n`;
}

function writeLabels(labels: Labels): string {
  const written = Object.entries(labels).map(([name, value]) => `${name}="${escapeLabel(value)}"`);
  return written.length > 0 ? `{${written.join(',')}}` : '';
}

const ESCAPES: Readonly<Record<string, string>> = { '\\': '\\\\', '"': '\\"', '\n': '\\n' };

/** Names come from outside. A carriage return would end the line for some readers, and half of a surrogate pair is no UTF-8. */
const escapeLabel = (text: string): string =>
  text
    .replace(/[\\"\n]/g, (character) => ESCAPES[character] ?? '')
    .replaceAll('\r', '�')
    .toWellFormed();

const escapeHelp = (text: string, format: ExpositionFormat): string =>
  text.replace(format === 'text' ? /[\\\n]/g : /[\\"\n]/g, (character) => ESCAPES[character] ?? '');

function writeNumber(value: number): string {
  if (Number.isFinite(value)) return String(value);
  if (Number.isNaN(value)) return 'NaN';
  return value > 0 ? '+Inf' : '-Inf';
}

/** The bound of a bucket. Both formats write it alike, so that a series is the same one in both. */
export const writeBound = (bound: number): string =>
  Number.isInteger(bound) ? `${bound}.0` : String(bound);
