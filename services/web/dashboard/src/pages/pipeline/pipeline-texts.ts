import { useI18n, type Language } from '../../i18n/i18n.ts';
import { plural } from '../../i18n/plural.ts';

const en = {
  title: 'How collecting goes',
  states: { ok: 'All is collected', behind: 'Behind', stalled: 'Stalled', unknown: 'Unknown' },
  collectors: (online: string, all: string) => `Collectors at work: ${online} of ${all}`,
  streams: 'Streams',
  streamsUnknown: 'NATS does not say at the moment.',
  stream: 'Stream',
  kept: 'Kept',
  size: 'Size',
  waiting: 'Waiting',
  inWork: 'In work',
  lag: 'Lag',
  again: 'Handed out again',
  lost: 'Lost',
  collectedTo: 'Collected to',
  of: (floor: string, last: string) => `${floor} of ${last}`,
  losses: 'What is missing',
  lostHint: 'events that NATS dropped before they were collected',
  dropped: 'Dropped by clients',
  droppedHint: (calls: string, n: number) =>
    `events that clients gave up in the last 15 minutes; ${calls} ${plural(n, 'call is', 'calls are')} missing for it`,
  shed: 'Out of the history',
  shedHint: 'calls dropped for their age, their number or for memory; totals still count them',
  letters: 'Dead letters',
  lettersHint: 'messages that could not be used; the newest first',
  noLetters: 'Every message could be used.',
  when: 'When',
  reason: 'Reason',
  why: 'Why',
  subject: 'Subject',
  actions: 'Actions',
  retry: 'Try again',
  remove: 'Remove',
  retried: 'It was sent again.',
  removed: 'It was removed.',
  more: 'Older ones',
  refused: (reason: string) => `That did not work: ${reason}`,
  reasons: {
    'invalid-json': 'no JSON',
    'invalid-event': 'not a known event',
    'too-large': 'too large',
    'unknown-subject': 'unknown subject',
  },
  fault: (reason: string) => `The figures cannot be read: ${reason}`,
};

export type PipelineTexts = typeof en;

const it: PipelineTexts = {
  title: 'Come va la raccolta',
  states: { ok: 'Tutto raccolto', behind: 'In ritardo', stalled: 'Ferma', unknown: 'Ignota' },
  collectors: (online, all) => `Collettori al lavoro: ${online} su ${all}`,
  streams: 'Flussi',
  streamsUnknown: 'NATS al momento non risponde.',
  stream: 'Flusso',
  kept: 'Conservati',
  size: 'Spazio',
  waiting: 'In attesa',
  inWork: 'In lavorazione',
  lag: 'Ritardo',
  again: 'Riconsegnati',
  lost: 'Persi',
  collectedTo: 'Raccolti fino a',
  of: (floor, last) => `${floor} di ${last}`,
  losses: 'Che cosa manca',
  lostHint: 'eventi che NATS ha eliminato prima della raccolta',
  dropped: 'Scartati dai client',
  droppedHint: (calls, n) =>
    `eventi a cui i client hanno rinunciato negli ultimi 15 minuti; ${plural(n, 'manca', 'mancano')} ${calls} ${plural(n, 'chiamata', 'chiamate')}`,
  shed: 'Fuori dalla cronologia',
  shedHint: 'chiamate tolte per età, numero o memoria; i totali le contano ancora',
  letters: 'Messaggi scartati',
  lettersHint: 'messaggi inutilizzabili; prima i più recenti',
  noLetters: 'Tutti i messaggi erano utilizzabili.',
  when: 'Quando',
  reason: 'Motivo',
  why: 'Perché',
  subject: 'Soggetto',
  actions: 'Azioni',
  retry: 'Riprova',
  remove: 'Elimina',
  retried: 'È stato inviato di nuovo.',
  removed: 'È stato eliminato.',
  more: 'Più vecchi',
  refused: (reason) => `Non è riuscito: ${reason}`,
  reasons: {
    'invalid-json': 'non è JSON',
    'invalid-event': 'evento sconosciuto',
    'too-large': 'troppo grande',
    'unknown-subject': 'soggetto sconosciuto',
  },
  fault: (reason) => `I dati non si possono leggere: ${reason}`,
};

const TEXTS: Readonly<Record<Language, PipelineTexts>> = { en, it };

/** Texts of this page alone; they come with it. */
export function usePipelineTexts(): PipelineTexts {
  return TEXTS[useI18n().language];
}
