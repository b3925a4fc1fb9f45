import { useI18n, type Language } from '../../i18n/i18n.ts';

const en = {
  calls: 'Calls',
  success: 'Success',
  response: 'Response p50',
  firstToken: 'First token p50',
  rate: 'Tokens per second',
  tokens: 'Generated tokens',
  read: 'Read tokens',
  mean: 'mean',
  failed: (n: string) => `${n} failed`,
  cancelled: (n: string) => `${n} cancelled`,
  figures: { models: 'Figures of this model', apps: 'Figures of this app' },
  trends: 'Trends',
  durations: 'How long completed calls took',
  durationsOf: (from: string, to: string, count: string) => `${from} to ${to}: ${count}`,
  highest: (count: string) => `up to ${count} in a bar`,
  noDurations: 'No call was completed in this time.',
  share: 'of calls',
  by: { model: 'By model', app: 'By app', host: 'By host' },
  unknownHost: 'unknown',
  none: 'No call in this time.',
  compare: 'Compare with',
  compareNone: 'nothing',
  comparePrevious: 'the time before',
  compareTitle: (other: string) => `Compared with ${other}`,
  previous: 'before',
  metric: 'Figure',
  difference: 'Difference',
  history: 'Its ended calls',
  all: { models: 'All models', apps: 'All apps' },
  nobody: {
    models: (name: string) => `Nobody has called ${name} yet, and no server lists it.`,
    apps: (name: string) => `No app named ${name} has called yet.`,
  },
};
export type ItemTexts = typeof en;

const it: ItemTexts = {
  calls: 'Chiamate',
  success: 'Riuscite',
  response: 'Risposta p50',
  firstToken: 'Primo token p50',
  rate: 'Token al secondo',
  tokens: 'Token generati',
  read: 'Token letti',
  mean: 'media',
  failed: (n) => `${n} fallite`,
  cancelled: (n) => `${n} ${n === '1' ? 'annullata' : 'annullate'}`,
  figures: { models: 'Dati di questo modello', apps: 'Dati di questa app' },
  trends: 'Andamento',
  durations: 'Quanto sono durate le chiamate completate',
  durationsOf: (from, to, count) => `da ${from} a ${to}: ${count}`,
  highest: (count) => `fino a ${count} per barra`,
  noDurations: 'Nessuna chiamata è stata completata in questo periodo.',
  share: 'delle chiamate',
  by: { model: 'Per modello', app: 'Per app', host: 'Per host' },
  unknownHost: 'sconosciuto',
  none: 'Nessuna chiamata in questo periodo.',
  compare: 'Confronta con',
  compareNone: 'niente',
  comparePrevious: 'il periodo prima',
  compareTitle: (other) => `Confronto con ${other}`,
  previous: 'prima',
  metric: 'Dato',
  difference: 'Differenza',
  history: 'Le sue chiamate terminate',
  all: { models: 'Tutti i modelli', apps: 'Tutte le app' },
  nobody: {
    models: (name) => `Nessuno ha ancora chiamato ${name}, e nessun server lo elenca.`,
    apps: (name) => `Nessuna app di nome ${name} ha ancora chiamato.`,
  },
};

const TEXTS: Readonly<Record<Language, ItemTexts>> = { en, it };

/** Texts of the pages of one model and one app; they come with them. */
export function useItemTexts(): ItemTexts {
  return TEXTS[useI18n().language];
}
