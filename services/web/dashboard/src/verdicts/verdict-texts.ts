import type { Verdict } from '@llm-monitor/contracts/events';

import type { Format } from '../format/format.ts';
import { useI18n, type Language } from '../i18n/i18n.ts';

type Reason<Kind extends Verdict['kind']> = Extract<Verdict, { kind: Kind }>['reason'];

/** What a verdict says, short beside a call and in full. `age`: since when it holds, as text. */
type Say<Kind extends Verdict['kind']> = (
  reason: Reason<Kind>,
  of: { age: string; format: Format },
) => string;

interface VerdictTexts {
  title: string;
  short: { [Kind in Verdict['kind']]: Say<Kind> };
  long: { [Kind in Verdict['kind']]: Say<Kind> };
  behind: string;
}

const usually = (word: string, seconds: number | undefined, format: Format) =>
  seconds === undefined ? '' : `, ${word} ${format.duration(seconds)}`;
/** The most binding limit that it has passed. */
const limitOf = ({ maxTokens, contextTokens, usualTokens }: Reason<'runaway'>, format: Format) =>
  format.count(maxTokens ?? contextTokens ?? usualTokens);

const en: VerdictTexts = {
  title: 'Noteworthy',
  short: {
    stalled: ({ usualGapSeconds }, { age, format }) =>
      `Silent ${age}${usually('usually', usualGapSeconds, format)}`,
    looping: ({ times }, { format }) => `Repeats itself ×${format.count(times)}`,
    runaway: (reason, { format }) => `Very long: >\u00a0${limitOf(reason, format)}`,
    queued: ({ ahead }) => `Queued behind ${ahead}`,
    loading: (_, { age }) => `Loading ${age}`,
    truncated: () => 'Prompt possibly cut',
  },
  long: {
    stalled: ({ usualGapSeconds, limitSeconds }, { age, format }) =>
      `No token for ${age}${usually('usually', usualGapSeconds, format)}. It counts as stalled after ${format.age(limitSeconds)}.`,
    looping: ({ period, times }, { format }) =>
      `The last ${format.count(period)} characters were said ${format.count(times)} times in a row.`,
    runaway: (reason, { format }) =>
      `About ${format.count(reason.tokens)} tokens when it was seen; its limit, or what is usual at most: ${limitOf(reason, format)}.`,
    queued: ({ ahead }) => `Calls ahead on this server and model: ${ahead}.`,
    loading: ({ usualSeconds }, { age, format }) =>
      `Its model has been loading for ${age}${usually('usually', usualSeconds, format)}.`,
    truncated: ({ estimatedTokens, countedTokens, contextTokens }, { format }) =>
      `The prompt was possibly cut: about ${format.count(estimatedTokens)} tokens, ${format.count(countedTokens)} were read, ${format.count(contextTokens)} fit.`,
  },
  behind: 'The slot is held by',
};

const it: VerdictTexts = {
  title: 'Da notare',
  short: {
    stalled: ({ usualGapSeconds }, { age, format }) =>
      `Muta da ${age}${usually('di solito', usualGapSeconds, format)}`,
    looping: ({ times }, { format }) => `Si ripete ×${format.count(times)}`,
    runaway: (reason, { format }) => `Molto lunga: >\u00a0${limitOf(reason, format)}`,
    queued: ({ ahead }) => `In coda dietro a ${ahead}`,
    loading: (_, { age }) => `Caricamento ${age}`,
    truncated: () => 'Prompt forse troncato',
  },
  long: {
    stalled: ({ usualGapSeconds, limitSeconds }, { age, format }) =>
      `Nessun token da ${age}${usually('di solito', usualGapSeconds, format)}. Conta come ferma dopo ${format.age(limitSeconds)}.`,
    looping: ({ period, times }, { format }) =>
      `Gli ultimi ${format.count(period)} caratteri sono stati detti ${format.count(times)} volte di fila.`,
    runaway: (reason, { format }) =>
      `Circa ${format.count(reason.tokens)} token quando è stata notata; il suo limite, o il massimo abituale: ${limitOf(reason, format)}.`,
    queued: ({ ahead }) => `Chiamate che precedono, su questo server e modello: ${ahead}.`,
    loading: ({ usualSeconds }, { age, format }) =>
      `Il modello è in caricamento da ${age}${usually('di solito', usualSeconds, format)}.`,
    truncated: ({ estimatedTokens, countedTokens, contextTokens }, { format }) =>
      `Il prompt è stato forse troncato: circa ${format.count(estimatedTokens)} token, ${format.count(countedTokens)} letti, ${format.count(contextTokens)} ce ne stanno.`,
  },
  behind: 'Lo slot è occupato da',
};

const TEXTS: Readonly<Record<Language, VerdictTexts>> = { en, it };

export function useVerdictTexts(): VerdictTexts {
  return TEXTS[useI18n().language];
}

/** A verdict in words. */
export function sayVerdict(
  texts: VerdictTexts['short'],
  { kind, reason }: Verdict,
  of: { age: string; format: Format },
): string {
  const say = texts[kind] as (reason: Verdict['reason'], with_: typeof of) => string;
  return say(reason, of);
}
