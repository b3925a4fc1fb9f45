export const NONE = '–';

export const shown = (value: number | null, digits = 0): string =>
  value === null ? NONE : value.toFixed(digits);

export const percent = (value: number | null): string =>
  value === null ? NONE : `${Math.round(value)} %`;

/** Marks an estimate. */
export const about = (text: string): string => (text === NONE ? text : `≈${text}`);

/** `8.2 s`, `3:07`, `1:02:09`. */
export function clock(seconds: number): string {
  if (seconds < 60) return `${Math.max(0, seconds).toFixed(1)} s`;
  const whole = Math.floor(seconds);
  const two = (value: number) => String(value).padStart(2, '0');
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60];
  return hours > 0
    ? `${hours}:${two(minutes)}:${two(whole % 60)}`
    : `${minutes}:${two(whole % 60)}`;
}
