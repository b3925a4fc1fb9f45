import type { Zone } from '../format/format.ts';

const DAY_SECONDS = 86_400;

/** Writes the times below a chart: the hour, and at midnight the day. */
export function axisTimes(locale: string, zone: Zone): (seconds: number, step: number) => string {
  const timeZone = zone === 'utc' ? 'UTC' : undefined;
  const hour = new Intl.DateTimeFormat(locale, {
    ...{ hour: '2-digit', minute: '2-digit', hourCycle: 'h23', timeZone },
  });
  const day = new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'short', timeZone });
  return (seconds, step) => {
    const at = new Date(seconds * 1000);
    const text = hour.format(at);
    return step >= DAY_SECONDS || text === '00:00' ? day.format(at) : text;
  };
}
