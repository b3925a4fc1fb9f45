import { useI18n, type Language } from '../i18n/i18n.ts';

const en = {
  title: 'Energy and cost',
  note: 'estimates, by the prices that are set now',
  energy: 'Energy',
  energyCost: 'Its price',
  cost: 'Cost',
  cloud: 'Same tokens elsewhere',
  prices: 'Prices',
  currency: 'Currency',
  perKwh: 'Price of a kilowatt-hour',
  perKwhHint: (currency: string) => `${currency}; empty: not known.`,
  elsewhere: 'Prices of tokens elsewhere',
  elsewhereHint: (currency: string) =>
    `To tell what the same tokens would cost there. A line each: model (* stands for any name), then ${currency} for a million prompt tokens and for a million generated.`,
  save: 'Save prices',
  saved: 'Saved.',
  wrongLine: (line: string) => `A model and two numbers are wanted: ${line}`,
  viewer: 'Operators set prices.',
};
type CostTexts = typeof en;

const it: CostTexts = {
  title: 'Energia e costo',
  note: 'stime, con i prezzi impostati ora',
  energy: 'Energia',
  energyCost: 'Quanto costa',
  cost: 'Costo',
  cloud: 'Gli stessi token altrove',
  prices: 'Prezzi',
  currency: 'Valuta',
  perKwh: 'Prezzo di un kilowattora',
  perKwhHint: (currency) => `${currency}; vuoto: non noto.`,
  elsewhere: 'Prezzi dei token altrove',
  elsewhereHint: (currency) =>
    `Per dire quanto costerebbero lì gli stessi token. Una riga ciascuno: modello (* sta per ogni nome), poi ${currency} per un milione di token del prompt e per un milione generati.`,
  save: 'Salva i prezzi',
  saved: 'Salvati.',
  wrongLine: (line) => `Servono un modello e due numeri: ${line}`,
  viewer: 'I prezzi li impostano gli operatori.',
};

const TEXTS: Readonly<Record<Language, CostTexts>> = { en, it };

export function useCostTexts(): CostTexts {
  return TEXTS[useI18n().language];
}
