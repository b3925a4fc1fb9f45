import { useI18n, type Language } from '../../../i18n/i18n.ts';

const en = {
  title: 'Listening for the first call…',
  lead: 'Nothing has been recorded yet. There are three ways in; a call appears here the moment it begins.',
  dropIn: 'One line in your code',
  dropInHint:
    'For programs that use the ollama package: results and errors stay those of the original.',
  proxy: 'Any program, unchanged',
  proxyHint: 'In any language: its calls go through the proxy, which passes them on as they are.',
  register: 'Node.js, unchanged',
  registerHint:
    'Sees the calls of the ollama package and of fetch: the SDKs of OpenAI and Anthropic, the Vercel AI SDK, LangChain.',
  install: (pack: string, command: string) =>
    `First, once: \`${pack}\` in the monitor’s folder, then in yours \`${command}\``,
  noModel: 'No model at hand?',
  inTerminal: 'In a terminal:',
  demoTitle: 'No demo traffic yet',
  demoLead: 'Start it here or in a terminal; it appears here and never in the real figures.',
  modelsFound: (models: string) => `Found on this machine: ${models}`,
  prompt: 'Why is the sky blue?',
};
type EmptyTexts = typeof en;

const it: EmptyTexts = {
  title: 'In ascolto della prima chiamata…',
  lead: 'Non è stato ancora registrato nulla. Ci sono tre modi per entrare; una chiamata appare qui nel momento in cui inizia.',
  dropIn: 'Una riga nel tuo codice',
  dropInHint:
    'Per programmi che usano il pacchetto ollama: risultati ed errori restano quelli dell’originale.',
  proxy: 'Qualsiasi programma, senza modifiche',
  proxyHint: 'In ogni linguaggio: le chiamate passano dal proxy, che le inoltra come sono.',
  register: 'Node.js, senza modifiche',
  registerHint:
    'Vede le chiamate del pacchetto ollama e di fetch: gli SDK di OpenAI e Anthropic, Vercel AI SDK, LangChain.',
  install: (pack, command) =>
    `Prima, una volta: \`${pack}\` nella cartella del monitor, poi nella tua \`${command}\``,
  noModel: 'Nessun modello a portata di mano?',
  inTerminal: 'In un terminale:',
  demoTitle: 'Ancora nessun traffico demo',
  demoLead: 'Avvialo qui o in un terminale: appare qui e mai nei dati reali.',
  modelsFound: (models) => `Trovati su questa macchina: ${models}`,
  prompt: 'Perché il cielo è blu?',
};

const TEXTS: Readonly<Record<Language, EmptyTexts>> = { en, it };

/** Texts of the first minute alone; they come with it. */
export function useEmptyTexts(): EmptyTexts {
  return TEXTS[useI18n().language];
}
