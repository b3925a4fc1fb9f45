/** What is not known. Never 0. */
export const UNKNOWN = '—';
/** Between a number and its unit: they stay on one line. */
const NBSP = '\u00a0';

type Maybe = number | null | undefined;

/** Numbers as people of one language write them. Every method answers `—` for what is not known. */
export interface Format {
  count(value: Maybe): string;
  /** tokens a second, without the unit */
  rate(value: Maybe): string;
  /** of what streams now, which counts its tokens itself: `≈ 38,2` */
  rateNow(value: Maybe): string;
  /** of 0–100; 100 only if it is exactly 100 */
  percent(value: Maybe): string;
  /** a difference in percent, with its sign */
  change(percent: Maybe): string;
  /** of 100 a core: `1,4` */
  cores(percent: Maybe): string;
  /** of bytes: `3,2 GiB`, `512 MiB`, `12 KiB` */
  bytes(value: Maybe): string;
  /** with its unit, which stands for itself in all languages: `65 °C` */
  measure(value: Maybe, unit: string): string;
  /** of seconds: `840 ms`, `12,4 s`, `3 m 05 s`, `2 h 05 m` */
  duration(seconds: Maybe): string;
  /** a running duration: it keeps its shape below a minute, so that it does not flicker between units */
  elapsed(seconds: Maybe): string;
  /** of seconds, in the two largest units: `3 d 04 h` */
  uptime(seconds: Maybe): string;
  /** of seconds, in the largest unit: `12 s`, `10 m`, `3 h`, `2 d` */
  age(seconds: Maybe): string;
  /** time of day, 24 h, in the chosen zone */
  clock(iso: string): string;
  /** time of day, and the day where that is not today; in the chosen zone */
  moment(iso: string): string;
  /** day and time of day, in the chosen zone, with its name */
  dateTime(iso: string): string;
}

/** This machine's zone, or UTC. */
export const ZONES = ['local', 'utc'] as const;
export type Zone = (typeof ZONES)[number];

export function createFormat(locale: string, dayUnit: string, zone: Zone = 'local'): Format {
  const timeZone = zone === 'utc' ? 'UTC' : undefined;
  const whole = new Intl.NumberFormat(locale, { maximumFractionDigits: 0 });
  const tenths = new Intl.NumberFormat(locale, {
    minimumFractionDigits: 1,
    maximumFractionDigits: 1,
  });
  const signed = new Intl.NumberFormat(locale, {
    maximumFractionDigits: 0,
    signDisplay: 'exceptZero',
  });
  const upToTenths = new Intl.NumberFormat(locale, { maximumFractionDigits: 1 });
  const time = new Intl.DateTimeFormat(locale, { timeStyle: 'medium', hourCycle: 'h23', timeZone });
  const day = new Intl.DateTimeFormat(locale, {
    year: 'numeric',
    month: 'short',
    day: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    hourCycle: 'h23',
    timeZoneName: 'short',
    timeZone,
  });
  const date = new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'short', timeZone });
  const clock = (iso: string) => dated(iso, (given) => time.format(given));
  const unit = (value: string, name: string) => `${value}${NBSP}${name}`;
  const tenthsOfSecond = (seconds: number) => unit(tenths.format(seconds), 's');

  const rate = known((value) => (value >= 99.95 ? whole : tenths).format(value));

  return {
    count: known((value) => whole.format(value)),
    rate,
    rateNow: known((value) => (value === 0 ? '0' : `≈${NBSP}${rate(value)}`)),
    percent: known((value) => {
      const honest = value < 100 ? Math.min(value, 99.9) : value;
      return unit(upToTenths.format(honest), '%');
    }),
    change: known((value) => unit(signed.format(Math.abs(value) < 0.5 ? 0 : value), '%')),
    cores: known((value) => upToTenths.format(value / 100)),
    bytes: known((value) => {
      const gib = value / 2 ** 30;
      if (gib >= 0.9995) return unit((gib >= 99.95 ? whole : tenths).format(gib), 'GiB');
      const mib = value / 2 ** 20;
      return mib >= 0.9995 || value === 0
        ? unit(whole.format(mib), 'MiB')
        : unit(whole.format(Math.ceil(value / 1024)), 'KiB');
    }),
    measure: (value, name) => known((given) => unit(whole.format(given), name))(value),
    duration: known((value) => {
      const seconds = Math.max(0, value);
      if (seconds < 0.9995) return unit(whole.format(seconds * 1000), 'ms');
      return seconds < 59.95 ? tenthsOfSecond(seconds) : twoUnits(Math.round(seconds), dayUnit);
    }),
    elapsed: known((value) => {
      const seconds = Math.max(0, value);
      return seconds < 59.95
        ? tenthsOfSecond(Math.floor(seconds * 10) / 10)
        : twoUnits(Math.floor(seconds), dayUnit);
    }),
    uptime: known((value) => twoUnits(Math.max(0, Math.floor(value)), dayUnit)),
    age: known((value) => oneUnit(Math.max(0, Math.floor(value)), dayUnit)),
    clock,
    moment: (iso) => {
      const shownDay = dated(iso, (given) => date.format(given));
      return shownDay === date.format(new Date()) ? clock(iso) : `${shownDay} ${clock(iso)}`;
    },
    dateTime: (iso) => dated(iso, (given) => day.format(given)),
  };
}

function known(format: (value: number) => string): (value: Maybe) => string {
  return (value) =>
    value === null || value === undefined || !Number.isFinite(value) ? UNKNOWN : format(value);
}

function dated(iso: string, format: (date: Date) => string): string {
  const date = new Date(iso);
  return Number.isNaN(date.getTime()) ? UNKNOWN : format(date);
}

/** Whole seconds in their two largest units: `12 s`, `3 m 05 s`, `2 h 05 m`, `3 d 04 h`. */
function twoUnits(seconds: number, dayUnit: string): string {
  const minutes = Math.floor(seconds / 60);
  const hours = Math.floor(minutes / 60);
  const days = Math.floor(hours / 24);
  const pair = (large: number, largeName: string, small: number, smallName: string) =>
    `${large}${NBSP}${largeName}${NBSP}${String(small).padStart(2, '0')}${NBSP}${smallName}`;
  if (days > 0) return pair(days, dayUnit, hours % 24, 'h');
  if (hours > 0) return pair(hours, 'h', minutes % 60, 'm');
  if (minutes > 0) return pair(minutes, 'm', seconds % 60, 's');
  return `${seconds}${NBSP}s`;
}

function oneUnit(seconds: number, dayUnit: string): string {
  if (seconds < 60) return `${seconds}${NBSP}s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)}${NBSP}m`;
  if (seconds < 86_400) return `${Math.floor(seconds / 3600)}${NBSP}h`;
  return `${Math.floor(seconds / 86_400)}${NBSP}${dayUnit}`;
}
