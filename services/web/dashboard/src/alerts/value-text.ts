import { useI18n, type Language } from '../i18n/i18n.ts';
import { plural } from '../i18n/plural.ts';

/** What is counted, as the dashboard calls it: of one, and of more. */
const COUNTED: Readonly<Record<Language, Partial<Record<string, readonly [string, string]>>>> = {
  en: {
    ...{ requests: ['call', 'calls'], servers: ['server', 'servers'], bots: ['bot', 'bots'] },
    ...{ models: ['model', 'models'], events: ['event', 'events'] },
  },
  it: {
    ...{ requests: ['chiamata', 'chiamate'], servers: ['server', 'server'], bots: ['bot', 'bot'] },
    ...{ models: ['modello', 'modelli'], events: ['evento', 'eventi'], tokens: ['token', 'token'] },
  },
};

/** A unit as it is called: of one, and of more. */
export function wordsOf(unit: string, language: Language): readonly [one: string, more: string] {
  return COUNTED[language][unit] ?? [unit, unit];
}

/** What somebody has set is mostly whole: `1 m`, not `1 m 00 s`. */
export const rounded = (text: string) => text.replace(/\u00a000\u00a0\S+$/, '');

/** A value with its unit, as people write it; `isBare`: a count without it, beside one that has it. */
export function useValueText(): (value: number | null, unit: string, isBare?: boolean) => string {
  const { format, language } = useI18n();
  return (value, unit, isBare) => {
    if (unit === 's') return format.duration(value);
    if (unit === '%') return format.percent(value);
    if (unit === 'bytes') return format.bytes(value);
    const number =
      value !== null && Number.isInteger(value) ? format.count(value) : format.rate(value);
    if (value === null || isBare) return number;
    const [one, more] = wordsOf(unit, language);
    return `${number}\u00a0${plural(value, one, more)}`;
  };
}
