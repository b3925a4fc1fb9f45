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
  perKwh: 'A kilowatt-hour',
  perKwhHint: 'Empty: not known.',
  elsewhere: 'Tokens elsewhere',
  elsewhereHint:
    'A line each: model (* stands for any name), a million prompt tokens, a million generated.',
  save: 'Save prices',
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
  perKwh: 'Un kilowattora',
  perKwhHint: 'Vuoto: non noto.',
  elsewhere: 'Token altrove',
  elsewhereHint:
    'Una riga ciascuno: modello (* sta per ogni nome), un milione di token del prompt, un milione generati.',
  save: 'Salva i prezzi',
  viewer: 'I prezzi li impostano gli operatori.',
};

const TEXTS: Readonly<Record<Language, CostTexts>> = { en, it };

export function useCostTexts(): CostTexts {
  return TEXTS[useI18n().language];
}
