import { useI18n, type Language } from '../../i18n/i18n.ts';
import { plural } from '../../i18n/plural.ts';

const en = {
  title: 'Ended calls',
  search: 'Search',
  searchHint: 'Model, app, prompt, response, error or id',
  model: 'Model',
  app: 'App',
  status: 'Status',
  cut: 'Prompt possibly cut',
  all: 'All',
  time: 'Time',
  ranges: {
    '': 'Any time',
    '15m': 'Last 15 minutes',
    '1h': 'Last hour',
    '24h': 'Last 24 hours',
    '7d': 'Last 7 days',
    own: 'From … to …',
  },
  from: 'From',
  to: 'To',
  session: (id: string) => `Session ${id}`,
  calls: (count: string, n: number) => `${count} ${plural(n, 'call', 'calls')}`,
  newestCalls: (count: string) => `the newest ${count} calls`,
  sessionNote: (calls: string, time: string, tokens: string) =>
    `${calls} in ${time}, ${tokens} tokens generated`,
  columns: 'Columns',
  filters: 'Filters',
  filtersSet: (count: string) => `Filters (${count})`,
  clear: 'Clear filters',
  remove: 'Remove',
  exportLabel: 'Export what is found',
  shownAll: (count: string) => `${count} in all`,
  shownFirst: (count: string) => `the newest ${count}`,
  loading: 'Looking…',
  none: 'No call has ended yet. The live view says how to record one.',
  noneFits: 'No call fits these filters.',
  noneSoFar: 'Nothing found so far.',
  searchOn: 'Search further back',
  refresh: 'Refresh',
  newer: (count: string) => `${count} newer`,
  fault: (said: string) => `The calls could not be read: ${said}`,
  again: 'Try again',
};
type HistoryTexts = typeof en;

const it: HistoryTexts = {
  title: 'Chiamate terminate',
  search: 'Cerca',
  searchHint: 'Modello, app, prompt, risposta, errore o id',
  model: 'Modello',
  app: 'App',
  status: 'Esito',
  cut: 'Prompt forse troncato',
  all: 'Tutti',
  time: 'Periodo',
  ranges: {
    '': 'Sempre',
    '15m': 'Ultimi 15 minuti',
    '1h': 'Ultima ora',
    '24h': 'Ultime 24 ore',
    '7d': 'Ultimi 7 giorni',
    own: 'Da … a …',
  },
  from: 'Da',
  to: 'A',
  session: (id) => `Sessione ${id}`,
  calls: (count, n) => `${count} ${plural(n, 'chiamata', 'chiamate')}`,
  newestCalls: (count) => `le ${count} chiamate più recenti`,
  sessionNote: (calls, time, tokens) => `${calls} in ${time}, ${tokens} token generati`,
  columns: 'Colonne',
  filters: 'Filtri',
  filtersSet: (count) => `Filtri (${count})`,
  clear: 'Azzera i filtri',
  remove: 'Rimuovi',
  exportLabel: 'Esporta le chiamate trovate',
  shownAll: (count) => `${count} in tutto`,
  shownFirst: (count) => `le ${count} più recenti`,
  loading: 'Ricerca in corso…',
  none: 'Nessuna chiamata è ancora terminata. La diretta dice come registrarne una.',
  noneFits: 'Nessuna chiamata corrisponde a questi filtri.',
  noneSoFar: 'Finora non è stato trovato nulla.',
  searchOn: 'Cerca più indietro',
  refresh: 'Aggiorna',
  newer: (count) => `${count} più recenti`,
  fault: (said) => `Non è stato possibile leggere le chiamate: ${said}`,
  again: 'Riprova',
};

const TEXTS: Readonly<Record<Language, HistoryTexts>> = { en, it };

/** Texts of this page alone; they come with it. */
export function useHistoryTexts(): HistoryTexts {
  return TEXTS[useI18n().language];
}
