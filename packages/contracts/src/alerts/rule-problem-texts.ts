import type { LocalizedText } from './channel.ts';

const name: LocalizedText = {
  en: 'a name of 1 to 256 characters',
  it: 'un nome di 1–256 caratteri',
};

/** What each field of a rule takes, for people. */
const FORMS: Readonly<Record<string, LocalizedText>> = {
  id: {
    en: 'lower-case letters, digits and dashes, at most 64, such as "failed-requests"',
    it: 'lettere minuscole, cifre e trattini, al massimo 64, come "failed-requests"',
  },
  name: { en: '1 to 120 characters', it: 'da 1 a 120 caratteri' },
  description: { en: 'at most 1,000 characters', it: 'al massimo 1.000 caratteri' },
  enabled: { en: 'true or false', it: 'true o false' },
  metric: { en: 'the name of a metric', it: 'il nome di una metrica' },
  scope: {
    en: 'an object with model, app, host or bot (a name), or each (model, app, host or bot)',
    it: 'un oggetto con model, app, host o bot (un nome), oppure each (model, app, host o bot)',
  },
  'scope.model': name,
  'scope.app': name,
  'scope.host': name,
  'scope.bot': name,
  'scope.each': { en: 'model, app, host or bot', it: 'model, app, host o bot' },
  comparator: { en: '>, >=, < or <=', it: '>, >=, < o <=' },
  threshold: {
    en: 'a number, in the unit of the metric',
    it: 'un numero, nell’unità della metrica',
  },
  windowSeconds: {
    en: 'a whole number of seconds, 10 to 86400 (a day)',
    it: 'un numero intero di secondi, da 10 a 86400 (un giorno)',
  },
  forSeconds: {
    en: 'a whole number of seconds, 0 to 86400 (a day)',
    it: 'un numero intero di secondi, da 0 a 86400 (un giorno)',
  },
  noData: { en: 'ok, fire or keep', it: 'ok, fire o keep' },
  renotifySeconds: {
    en: 'a whole number of seconds, 0 (once) to 604800 (a week)',
    it: 'un numero intero di secondi, da 0 (una volta) a 604800 (una settimana)',
  },
  severity: { en: 'info, warning or critical', it: 'info, warning o critical' },
  quietHours: {
    en: 'an object with from, to and timeZone',
    it: 'un oggetto con from, to e timeZone',
  },
  'quietHours.from': {
    en: 'a time of day, such as "22:00"',
    it: 'un’ora del giorno, come "22:00"',
  },
  'quietHours.to': { en: 'a time of day, such as "07:00"', it: 'un’ora del giorno, come "07:00"' },
  'quietHours.timeZone': {
    en: 'the name of a time zone, such as "Europe/Rome" or "UTC"',
    it: 'il nome di un fuso orario, come "Europe/Rome" o "UTC"',
  },
  channels: {
    en: 'a list of at most 32 ids of channels',
    it: 'una lista di al massimo 32 id di canali',
  },
};
const OTHER: LocalizedText = { en: 'something else', it: 'qualcos’altro' };

const formOf = (field: string): LocalizedText => FORMS[field] ?? OTHER;

/** What can be wrong with a rule, or a list of them. */
export const ruleProblemTexts = {
  mustBe: (field: string): LocalizedText => ({
    en: `must be ${formOf(field).en}`,
    it: `deve essere: ${formOf(field).it}`,
  }),
  isMissing: (field: string): LocalizedText => ({
    en: `is missing: ${formOf(field).en}`,
    it: `manca: ${formOf(field).it}`,
  }),
  isUnknown: (known: readonly string[]): LocalizedText => ({
    en: `is not known; known are ${known.join(', ')}`,
    it: `non esiste; esistono ${known.join(', ')}`,
  }),
  moreUnknown: (count: number): LocalizedText => ({
    en: `has ${count} more fields that are not known`,
    it: `ha altri ${count} campi che non esistono`,
  }),
  noList: { en: 'must be a list of rules', it: 'deve essere una lista di regole' },
  noRule: {
    en: 'must be an object with id, name, metric, comparator, threshold and severity',
    it: 'deve essere un oggetto con id, name, metric, comparator, threshold e severity',
  },
  tooMany: (most: number, count: number): LocalizedText => ({
    en: `at most ${most} rules, and these are ${count}`,
    it: `al massimo ${most} regole, e queste sono ${count}`,
  }),
  doubled: { en: 'another rule has this id', it: 'un’altra regola ha questo id' },
  otherId: (id: string): LocalizedText => ({
    en: `must be "${id}", as in the address`,
    it: `deve essere "${id}", come nell’indirizzo`,
  }),
  cannotNarrow: (metric: string, scopes: readonly string[]): LocalizedText => ({
    en: `${metric} can be narrowed to ${allowed(scopes).en}`,
    it: `${metric} può essere limitata a ${allowed(scopes).it}`,
  }),
  cannotSplit: (metric: string, scopes: readonly string[]): LocalizedText => ({
    en: `${metric} can be split by ${allowed(scopes).en}`,
    it: `${metric} può essere divisa per ${allowed(scopes).it}`,
  }),
  isOne: (each: string): LocalizedText => ({
    en: `is of one ${each} only: leave out scope.${each}, or each`,
    it: `riguarda un solo ${each}: togli scope.${each}, oppure each`,
  }),
  noTime: {
    en: 'must differ from quietHours.from',
    it: 'deve essere diverso da quietHours.from',
  },
} as const;

function allowed(scopes: readonly string[]): LocalizedText {
  const list = scopes.join(', ');
  if (list) return { en: list, it: list };
  return {
    en: 'nothing: it is one figure of all',
    it: 'nulla: è un solo valore per tutto',
  };
}
