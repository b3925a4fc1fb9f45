import { useI18n, type Language } from '../i18n/i18n.ts';

const en = {
  title: 'Energy and cost',
  note: 'estimates, by the prices that are set now',
  energy: 'Energy',
  energyCost: 'Its price',
  cloud: 'Same tokens elsewhere',
  ofCalls: (n: string) => `calls of which it is known: ${n}`,
  prices: 'Prices',
  pricesNote: 'kept in the monitor, for everybody',
  currency: 'Currency',
  perKwh: 'A kilowatt-hour',
  perKwhHint: 'Empty: not known.',
  elsewhere: 'Tokens elsewhere',
  elsewhereHint: 'Of a million prompt tokens, and of a million generated; * stands for any name.',
  model: 'Model',
  input: 'Prompt',
  output: 'Generated',
  add: 'Add a price',
  remove: (model: string) => `Remove ${model}`,
  save: 'Save prices',
  viewer: 'Operators set prices.',
};
type CostTexts = typeof en;

const it: CostTexts = {
  title: 'Energia e costo',
  note: 'stime, con i prezzi impostati ora',
  energy: 'Energia',
  energyCost: 'Quanto costa',
  cloud: 'Gli stessi token altrove',
  ofCalls: (n) => `chiamate di cui è nota: ${n}`,
  prices: 'Prezzi',
  pricesNote: 'salvati nel monitor, per tutti',
  currency: 'Valuta',
  perKwh: 'Un kilowattora',
  perKwhHint: 'Vuoto: non noto.',
  elsewhere: 'Token altrove',
  elsewhereHint:
    'Di un milione di token del prompt, e di un milione generati; * sta per ogni nome.',
  model: 'Modello',
  input: 'Prompt',
  output: 'Generati',
  add: 'Aggiungi un prezzo',
  remove: (model) => `Rimuovi ${model}`,
  save: 'Salva i prezzi',
  viewer: 'I prezzi li impostano gli operatori.',
};

const TEXTS: Readonly<Record<Language, CostTexts>> = { en, it };

export function useCostTexts(): CostTexts {
  return TEXTS[useI18n().language];
}
