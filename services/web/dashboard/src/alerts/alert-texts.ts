import { plural } from '../i18n/plural.ts';
import { useI18n, type Language } from '../i18n/i18n.ts';
import type { Alert } from '@llm-monitor/contracts/alerts';
import type { SeenAlert } from './alerts-of.ts';

type Text = (host: string, count: string, n: number) => string;

interface AlertTexts {
  title: string;
  none: string;
  noneHint: string;
  count: (n: string) => string;
  away: string;
  severities: Record<Alert['severity'], string>;
  pending: string;
  minuteBefore: string;
  kinds: Record<SeenAlert['kind'], Text>;
  more: string;
  inMemory: string;
  nothingLoaded: string;
  hosts: string;
  noHosts: string;
  all: string;
  rail: string;
}

const en: AlertTexts = {
  title: 'Firing now',
  none: 'Nothing fires.',
  noneHint:
    'Here stands what the rules below find: calls that fail or take long, hosts that are full, servers and models that are gone, events that are lost or wait.',
  count: (n) => `${n} firing`,
  away: 'The alerts service is away: rules are not looked at, and nobody is told. Below is what this page sees for itself.',
  severities: { critical: 'Critical', warning: 'Warning', info: 'Info' },
  pending: 'Pending',
  minuteBefore: 'Calls just before',
  kinds: {
    degraded: () => 'Calls are not being collected; the figures may be behind.',
    behind: (_host, count) => `${count} events wait to be collected.`,
    lost: (_host, count, n) =>
      `${count} ${plural(n, 'event was', 'events were')} lost before ${plural(n, 'it was', 'they were')} collected.`,
    letters: (_host, count, n) => `${count} ${plural(n, 'message', 'messages')} could not be used.`,
    dropped: (_host, count, n) =>
      `${count} ${plural(n, 'call is', 'calls are')} missing from the figures.`,
    droppedEvents: (_host, count, n) =>
      `Clients gave up ${count} ${plural(n, 'event', 'events')}: details of calls may be missing.`,
    unseen: (host) => `Somebody calls the model server on ${host} past the monitor.`,
    hostSilent: (host) => `The agent on ${host} is silent.`,
    serverDown: (host) => `The model server on ${host} does not answer.`,
    memoryFull: (host, count) => `${count} % of the memory of ${host} is taken.`,
  },
  more: 'Look closer',
  inMemory: 'In memory',
  nothingLoaded: 'No model is in memory.',
  hosts: 'Hosts',
  noHosts: 'No agent has been heard of.',
  all: 'All alerts',
  rail: 'At a glance',
};

const it: AlertTexts = {
  title: 'Attivi ora',
  none: 'Nessun avviso.',
  noneHint:
    'Qui sta ciò che le regole qui sotto trovano: chiamate fallite o lente, host pieni, server e modelli spariti, eventi persi o in attesa.',
  count: (n) => `${n} attivi`,
  away: 'Il servizio degli avvisi è assente: le regole non vengono valutate e nessuno viene avvertito. Sotto c’è ciò che questa pagina vede da sé.',
  severities: { critical: 'Critico', warning: 'Attenzione', info: 'Info' },
  pending: 'In attesa',
  minuteBefore: 'Chiamate appena prima',
  kinds: {
    degraded: () => 'Le chiamate non vengono raccolte; i dati possono essere in ritardo.',
    behind: (_host, count) => `${count} eventi attendono di essere raccolti.`,
    lost: (_host, count, n) =>
      `${count} ${plural(n, 'evento è andato perso', 'eventi sono andati persi')} prima di essere raccolti.`,
    letters: (_host, count, n) =>
      `${count} ${plural(n, 'messaggio inutilizzabile', 'messaggi inutilizzabili')}.`,
    dropped: (_host, count, n) =>
      `${count} ${plural(n, 'chiamata manca', 'chiamate mancano')} dai dati.`,
    droppedEvents: (_host, count, n) =>
      `I client hanno rinunciato a ${count} ${plural(n, 'evento', 'eventi')}: possono mancare dettagli delle chiamate.`,
    unseen: (host) => `Qualcuno chiama il server dei modelli su ${host} aggirando il monitor.`,
    hostSilent: (host) => `L'agente su ${host} tace.`,
    serverDown: (host) => `Il server dei modelli su ${host} non risponde.`,
    memoryFull: (host, count) => `La memoria di ${host} è occupata al ${count} %.`,
  },
  more: 'Guarda meglio',
  inMemory: 'In memoria',
  nothingLoaded: 'Nessun modello in memoria.',
  hosts: 'Host',
  noHosts: 'Nessun agente si è fatto sentire.',
  all: 'Tutti gli avvisi',
  rail: 'In breve',
};

const TEXTS: Readonly<Record<Language, AlertTexts>> = { en, it };

/** Texts of alerts, and of the rail that shows them; they come with these. */
export function useAlertTexts(): AlertTexts & { of(alert: SeenAlert): string } {
  const { language, format } = useI18n();
  const texts = TEXTS[language];
  return {
    ...texts,
    of: ({ kind, host = '', count = 0 }) => texts.kinds[kind](host, format.count(count), count),
  };
}
