import { fit } from '../terminal/fit.ts';
import { oneLine } from '../terminal/printable.ts';
import type { Style } from '../terminal/terminal.ts';
import { eventDetail, rest } from './event-detail.ts';
import { modelOf, type BusEvent } from './read-event.ts';

const NAME_COLUMNS = 14;
const MODEL_COLUMNS = 18;
const KIND_COLUMNS = 11;

/** One event as one line for a person: when, what, whose, and what there is to say of it. */
export function formatEvent(event: BusEvent, style: Style): string {
  const { envelope, data, subject } = event;
  const time = style.dim(clockOf(envelope?.['time']));
  if (!envelope) {
    return `${time}  ${style.yellow(fit('unreadable', KIND_COLUMNS))}  ${oneLine(subject)}  ${rest(event.text)}`;
  }
  const kind = kindOf(subject);
  const whose = [data['app'] ?? data['host'] ?? data['bot'], modelOf(data)];
  const [name, model] = whose.map((one) => (typeof one === 'string' ? oneLine(one) : ''));
  const names =
    name || model ? `${fit(name ?? '', NAME_COLUMNS)}  ${fit(model ?? '', MODEL_COLUMNS)}  ` : '';
  const demo = data['demo'] === true ? style.dim('demo ') : '';
  const line = `${time}  ${paintOf(kind, style)(fit(kind, KIND_COLUMNS))}  ${demo}${names}${eventDetail(kind, data)}`;
  return line.trimEnd();
}

/** The last word of what the subject says that it is; `failed`, `loaded`, `alert fired`. */
function kindOf(subject: string): string {
  const [, area = '', ...more] = subject.split('.');
  if (area === 'progress' || area === 'dead-letter' || area === 'verdict') return area;
  if (area === 'alert') return `alert ${oneLine(more[0] ?? '')}`.trim();
  if (area === 'host' && more[0] === 'sampled') return 'host';
  return oneLine(more[0] ?? area);
}

function paintOf(kind: string, style: Style): (text: string) => string {
  if (kind === 'completed' || kind === 'alert resolved') return style.green;
  if (kind === 'failed' || kind === 'dead-letter' || kind === 'alert fired') return style.red;
  if (['cancelled', 'unseen-activity', 'verdict'].includes(kind)) return style.yellow;
  return kind === 'started' ? style.cyan : style.dim;
}

/** `14:03:22`, of this machine's zone. */
function clockOf(time: unknown): string {
  const date = new Date(typeof time === 'string' ? time : Number.NaN);
  if (Number.isNaN(date.getTime())) return '--:--:--';
  return [date.getHours(), date.getMinutes(), date.getSeconds()]
    .map((part) => String(part).padStart(2, '0'))
    .join(':');
}
