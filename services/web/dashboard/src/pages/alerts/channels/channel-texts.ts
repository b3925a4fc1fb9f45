import { useI18n, type Language } from '../../../i18n/i18n.ts';

const en = {
  title: 'Who is told',
  none: 'Nobody is told when something is wrong.',
  noneHint: 'Add a channel: e-mail, Slack, Discord, Telegram, ntfy, a webhook or NATS.',
  noKinds: 'The alerts service has not run here yet. It says what kinds of channels there are.',
  fault: (reason: string) => `The channels cannot be read: ${reason}`,
  add: 'Add a channel',
  edit: 'Edit',
  test: 'Send a test',
  testing: 'Sending…',
  tested: (detail: string) => `Sent. ${detail}`,
  notTaken: (detail: string) => `Not taken. ${detail}`,
  remove: 'Delete',
  isOn: (name: string) => `${name}: tells people`,
  off: 'off',
  waiting: (count: string) => `${count} waiting`,
  neverSent: 'nothing sent yet',
  lastSent: (at: string) => `last sent ${at}`,
  failedAt: (at: string, message: string) => `${at}: ${message}`,
  viewer: 'You are logged in as a viewer, who changes nothing. Operators set channels.',
  newTitle: 'A new channel',
  editTitle: (name: string) => `Channel ${name}`,
  kind: 'Kind',
  name: 'Name',
  language: 'Language of its messages',
  languages: { en: 'English', it: 'Italian' },
  every: 'Seconds between two messages',
  everyHint: 'What comes meanwhile becomes one message.',
  isSet: 'set; leave it empty to keep it',
  isSetAt: (host: string) => `set, at ${host}; leave it empty to keep it`,
  for: (example: string) => `such as ${example}`,
  save: 'Save',
  saving: 'Saving…',
  cancel: 'Cancel',
  removeTitle: 'Delete this channel?',
  removeConsequence: 'Nobody is told by it any more, and what it has not told yet is thrown away.',
  keep: 'Keep it',
};
export type ChannelTexts = typeof en;

const it: ChannelTexts = {
  title: 'Chi viene avvisato',
  none: 'Nessuno viene avvisato quando qualcosa non va.',
  noneHint: 'Aggiungi un canale: e-mail, Slack, Discord, Telegram, ntfy, un webhook o NATS.',
  noKinds:
    'Il servizio degli allarmi non è ancora stato eseguito qui. È lui a dire quali tipi di canali ci sono.',
  fault: (reason) => `Impossibile leggere i canali: ${reason}`,
  add: 'Aggiungi un canale',
  edit: 'Modifica',
  test: 'Invia una prova',
  testing: 'Invio…',
  tested: (detail) => `Inviato. ${detail}`,
  notTaken: (detail) => `Non accettato. ${detail}`,
  remove: 'Elimina',
  isOn: (name) => `${name}: avvisa`,
  off: 'disattivato',
  waiting: (count) => `${count} in attesa`,
  neverSent: 'ancora nessun invio',
  lastSent: (at) => `ultimo invio ${at}`,
  failedAt: (at, message) => `${at}: ${message}`,
  viewer: 'Hai effettuato l’accesso in sola lettura. Gli operatori impostano i canali.',
  newTitle: 'Un nuovo canale',
  editTitle: (name) => `Canale ${name}`,
  kind: 'Tipo',
  name: 'Nome',
  language: 'Lingua dei messaggi',
  languages: { en: 'Inglese', it: 'Italiano' },
  every: 'Secondi tra due messaggi',
  everyHint: 'Ciò che arriva nel frattempo diventa un solo messaggio.',
  isSet: 'impostato; lascia vuoto per mantenerlo',
  isSetAt: (host) => `impostato, presso ${host}; lascia vuoto per mantenerlo`,
  for: (example) => `per esempio ${example}`,
  save: 'Salva',
  saving: 'Salvataggio…',
  cancel: 'Annulla',
  removeTitle: 'Eliminare questo canale?',
  removeConsequence:
    'Nessuno verrà più avvisato così, e ciò che non è ancora stato inviato va perso.',
  keep: 'Conserva',
};

const TEXTS: Readonly<Record<Language, ChannelTexts>> = { en, it };

/** Texts of the channels alone; they come with them. */
export function useChannelTexts(): ChannelTexts {
  return TEXTS[useI18n().language];
}
