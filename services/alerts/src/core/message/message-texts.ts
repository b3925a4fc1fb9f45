import type { ChannelLanguage } from '@llm-monitor/contracts/alerts';

const en = {
  severities: { info: 'Info', warning: 'Warning', critical: 'Critical' },
  fired: (severity: string, name: string) => `${severity}: ${name}`,
  again: (severity: string, name: string) => `Still ${severity.toLowerCase()}: ${name}`,
  resolved: (name: string) => `Resolved: ${name}`,
  test: (channel: string) => `Test of ${channel}`,
  testLabel: 'What this is',
  testText: 'A test that somebody asked for. The channel works; nothing is wrong.',
  several: (firing: number, resolved: number) =>
    [
      ...(firing > 0 ? [firing === 1 ? '1 alert fires' : `${firing} alerts fire`] : []),
      ...(resolved > 0 ? [`${resolved} resolved`] : []),
    ].join(', '),
  more: (count: number) => `and ${count} more`,
  of: { model: 'Model', app: 'App', host: 'Host', bot: 'Bot' } as Record<string, string>,
  value: 'Value',
  lastValue: 'Last value',
  noValue: 'no data',
  limit: (value: string, comparator: string, threshold: string) =>
    `${value} (fires ${comparator} ${threshold})`,
  metric: 'Metric',
  window: (metric: string, span: string) => `${metric}, last ${span}`,
  since: 'Since',
  time: 'Time',
  lasted: (from: string, to: string, span: string) => `${from} to ${to} (${span})`,
  because: 'Why',
  resolutions: {
    value: 'the value is within its limit again',
    'no-data': 'there are no data any more',
    'rule-changed': 'the rule was changed',
    'rule-removed': 'the rule was removed',
  },
  units: {} as Record<string, string>,
  open: 'Open LLM Monitor',
};
export type MessageTexts = typeof en;

const it: MessageTexts = {
  severities: { info: 'Informazione', warning: 'Avviso', critical: 'Critico' },
  fired: (severity, name) => `${severity}: ${name}`,
  again: (severity, name) => `Ancora attivo (${severity.toLowerCase()}): ${name}`,
  resolved: (name) => `Risolto: ${name}`,
  test: (channel) => `Prova di ${channel}`,
  testLabel: 'Che cos’è',
  testText: 'Una prova richiesta da qualcuno. Il canale funziona; non c’è alcun problema.',
  several: (firing, resolved) =>
    [
      ...(firing > 0 ? [firing === 1 ? '1 allarme attivo' : `${firing} allarmi attivi`] : []),
      ...(resolved > 0 ? [resolved === 1 ? '1 risolto' : `${resolved} risolti`] : []),
    ].join(', '),
  more: (count) => (count === 1 ? 'e un altro' : `e altri ${count}`),
  of: { model: 'Modello', app: 'App', host: 'Host', bot: 'Bot' },
  value: 'Valore',
  lastValue: 'Ultimo valore',
  noValue: 'nessun dato',
  limit: (value, comparator, threshold) => `${value} (soglia: ${comparator} ${threshold})`,
  metric: 'Misura',
  window: (metric, span) => `${metric}, ultimi ${span}`,
  since: 'Da',
  time: 'Durata',
  lasted: (from, to, span) => `dal ${from} al ${to} (${span})`,
  because: 'Perché',
  resolutions: {
    value: 'il valore è rientrato nella soglia',
    'no-data': 'non ci sono più dati',
    'rule-changed': 'la regola è stata modificata',
    'rule-removed': 'la regola è stata rimossa',
  },
  units: {
    ...{ requests: 'richieste', tokens: 'token', servers: 'server', models: 'modelli' },
    ...{ events: 'eventi', bots: 'bot' },
  },
  open: 'Apri LLM Monitor',
};

export const MESSAGE_TEXTS: Readonly<Record<ChannelLanguage, MessageTexts>> = { en, it };
