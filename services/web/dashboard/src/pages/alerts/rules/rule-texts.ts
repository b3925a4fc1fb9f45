import type { Alert, AlertRule, AlertScopeKind } from '@llm-monitor/contracts/alerts';

import { useI18n, type Language } from '../../../i18n/i18n.ts';

type Kinds = Record<AlertScopeKind, string>;

const en = {
  rules: 'Rules',
  none: 'There are no rules: nothing fires.',
  on: (name: string) => `${name}: on`,
  edit: 'Edit',
  remove: 'Delete',
  fresh: 'New rule',
  blank: 'An empty one',
  begin: 'Begin with',
  exported: 'Export',
  imported: 'Import',
  viewer: 'You came in as a viewer: rules are changed by operators.',
  of: 'of',
  each: { model: 'each model', app: 'each app', host: 'each host', bot: 'each bot' } as Kinds,
  over: (span: string) => `over ${span}`,
  lasting: (span: string) => `for ${span}`,
  history: 'Before',
  noHistory: 'Nothing that fired is over yet.',
  resolutions: {
    value: 'back to normal',
    'no-data': 'no data any more',
    'rule-changed': 'the rule was changed',
    'rule-removed': 'the rule was deleted',
  } as Record<NonNullable<Alert['resolution']>, string>,
  severities: { info: 'Info', warning: 'Warning', critical: 'Critical' } as Record<
    AlertRule['severity'],
    string
  >,
  title: (isNew: boolean): string => (isNew ? 'New rule' : 'Edit the rule'),
  name: 'Name',
  metric: 'Looks at',
  condition: 'Fires when it is',
  threshold: (unit: string) => `Threshold, ${unit}`,
  split: 'Of',
  whole: 'all together',
  narrow: { model: 'Model', app: 'App', host: 'Host', bot: 'Bot' } as Kinds,
  any: 'any',
  window: 'Window, s',
  lasts: 'Must hold, s',
  severity: 'Severity',
  noData: 'Without data',
  noDatas: { ok: 'all is well', fire: 'it fires', keep: 'it stays as it was' } as Record<
    AlertRule['noData'],
    string
  >,
  again: 'Tell again after, s (0: once)',
  quiet: 'Quiet hours: nobody is told, unless it is critical',
  from: 'From',
  to: 'To',
  zone: 'Time zone',
  now: 'Now',
  wouldFire: 'it would fire',
  wouldNot: 'it would not fire',
  held: 'Events are not being collected: nothing is known of now.',
  nothingThere: 'There is nothing to look at now.',
  save: 'Save',
  cancel: 'Cancel',
  removeTitle: 'Delete the rule?',
  removeConsequence: 'What fires by it is over. Its history stays.',
  importTitle: 'Put these rules in the place of all there are?',
  importSays: (added: string, changed: string, removed: string) =>
    `New: ${added}. Changed: ${changed}. Removed: ${removed}.`,
  replace: 'Replace',
  keep: 'Keep',
};
type RuleTexts = typeof en;

const it: RuleTexts = {
  rules: 'Regole',
  none: 'Non ci sono regole: nessun avviso.',
  on: (name) => `${name}: attiva`,
  edit: 'Modifica',
  remove: 'Elimina',
  fresh: 'Nuova regola',
  blank: 'Una vuota',
  begin: 'Parti da',
  exported: 'Esporta',
  imported: 'Importa',
  viewer: 'Hai accesso in sola lettura: le regole le cambiano gli operatori.',
  of: 'di',
  each: { model: 'ogni modello', app: 'ogni app', host: 'ogni host', bot: 'ogni bot' },
  over: (span) => `su ${span}`,
  lasting: (span) => `per ${span}`,
  history: 'Prima',
  noHistory: 'Nessun avviso passato, per ora.',
  resolutions: {
    value: 'tornato normale',
    'no-data': 'senza più dati',
    'rule-changed': 'regola modificata',
    'rule-removed': 'regola eliminata',
  },
  severities: { info: 'Info', warning: 'Attenzione', critical: 'Critico' },
  title: (isNew) => (isNew ? 'Nuova regola' : 'Modifica la regola'),
  name: 'Nome',
  metric: 'Osserva',
  condition: 'Scatta quando è',
  threshold: (unit) => `Soglia, ${unit}`,
  split: 'Di',
  whole: 'tutto insieme',
  narrow: { model: 'Modello', app: 'App', host: 'Host', bot: 'Bot' },
  any: 'qualsiasi',
  window: 'Finestra, s',
  lasts: 'Deve durare, s',
  severity: 'Gravità',
  noData: 'Senza dati',
  noDatas: { ok: 'va tutto bene', fire: 'scatta', keep: 'resta com’era' },
  again: 'Ripeti dopo, s (0: una volta)',
  quiet: 'Ore di silenzio: nessuno viene avvertito, salvo se critico',
  from: 'Dalle',
  to: 'Alle',
  zone: 'Fuso orario',
  now: 'Ora',
  wouldFire: 'scatterebbe',
  wouldNot: 'non scatterebbe',
  held: 'Gli eventi non vengono raccolti: dell’adesso non si sa nulla.',
  nothingThere: 'Ora non c’è nulla da osservare.',
  save: 'Salva',
  cancel: 'Annulla',
  removeTitle: 'Eliminare la regola?',
  removeConsequence: 'I suoi avvisi finiscono. La cronologia resta.',
  importTitle: 'Sostituire tutte le regole con queste?',
  importSays: (added, changed, removed) =>
    `Nuove: ${added}. Modificate: ${changed}. Rimosse: ${removed}.`,
  replace: 'Sostituisci',
  keep: 'Lascia',
};

const TEXTS: Readonly<Record<Language, RuleTexts>> = { en, it };

/** Texts of the rules; they come with the page of alerts. */
export function useRuleTexts(): RuleTexts {
  return TEXTS[useI18n().language];
}
