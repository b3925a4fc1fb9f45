import { useI18n } from '../i18n/i18n.ts';

/** A value with its unit, as people write it. */
export function useValueText(): (value: number | null, unit: string) => string {
  const { format } = useI18n();
  return (value, unit) => {
    if (unit === 's') return format.duration(value);
    if (unit === '%') return format.percent(value);
    if (unit === 'bytes') return format.bytes(value);
    const number =
      value !== null && Number.isInteger(value) ? format.count(value) : format.rate(value);
    return value === null ? number : `${number}\u00a0${unit}`;
  };
}
