import { useI18n, type Language } from '../i18n/i18n.ts';

const en = {
  title: 'Energy and cost',
  note: 'estimates, by the prices that are set now',
  energy: 'Energy',
  energyHint: 'Its share, by time, of what the GPUs drew, or of a configured wattage',
  energyCost: 'Its price',
  cloud: 'Same tokens elsewhere',
  ofCalls: (n: string) => `calls of which it is known: ${n}`,
  prices: 'Prices',
  pricesNote: 'kept in the monitor, for everybody',
  currency: 'Currency',
  currencyHint: 'Three letters, such as EUR; of all prices here.',
  perKwh: 'A kilowatt-hour',
  perKwhHint: 'Empty: what energy costs is not told.',
  elsewhere: 'Tokens elsewhere',
  elsewhereHint:
    'For a million prompt tokens, and a million generated ones. In the name * stands for any characters; the first that fits counts.',
  model: 'Model',
  input: 'Prompt',
  output: 'Generated',
  add: 'Add a price',
  remove: (model: string) => `Remove ${model}`,
  save: 'Save prices',
  saved: 'Saved.',
  viewer: 'You are logged in as a viewer, who changes nothing. Operators set prices.',
  fault: (said: string) => `It did not work: ${said}`,
};
type CostTexts = typeof en;

const it: CostTexts = {
  title: 'Energia e costo',
  note: 'stime, con i prezzi impostati ora',
  energy: 'Energia',
  energyHint: 'La sua parte, nel tempo, di ciò che le GPU assorbono o di una potenza configurata',
  energyCost: 'Quanto costa',
  cloud: 'Gli stessi token altrove',
  ofCalls: (n) => `chiamate di cui è nota: ${n}`,
  prices: 'Prezzi',
  pricesNote: 'salvati nel monitor, per tutti',
  currency: 'Valuta',
  currencyHint: 'Tre lettere, come EUR; di tutti i prezzi qui.',
  perKwh: 'Un kilowattora',
  perKwhHint: 'Vuoto: non si dice quanto costa l’energia.',
  elsewhere: 'Token altrove',
  elsewhereHint:
    'Per un milione di token del prompt e un milione di generati. Nel nome * sta per caratteri qualsiasi; vale il primo che corrisponde.',
  model: 'Modello',
  input: 'Prompt',
  output: 'Generati',
  add: 'Aggiungi un prezzo',
  remove: (model) => `Rimuovi ${model}`,
  save: 'Salva i prezzi',
  saved: 'Salvato.',
  viewer: 'Sei entrato come osservatore, che non cambia nulla. Gli operatori impostano i prezzi.',
  fault: (said) => `Non ha funzionato: ${said}`,
};

const TEXTS: Readonly<Record<Language, CostTexts>> = { en, it };

export function useCostTexts(): CostTexts {
  return TEXTS[useI18n().language];
}
