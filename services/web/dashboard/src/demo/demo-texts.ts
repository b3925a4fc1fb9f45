import { useI18n, type Language } from '../i18n/i18n.ts';

const en = {
  start: 'Try demo',
  starting: 'Starting…',
  stop: 'Stop demo',
  stopping: 'Stopping…',
  viewer: 'You are logged in as a viewer, who changes nothing. Operators start and stop the demo.',
  startHint: 'Simulated calls for ten minutes, apart from all real figures',
  fault: (said: string) => `It did not work: ${said}`,
};
type DemoTexts = typeof en;

const it: DemoTexts = {
  start: 'Prova la demo',
  starting: 'Avvio…',
  stop: 'Ferma la demo',
  stopping: 'Arresto…',
  viewer:
    'Sei entrato come osservatore, che non cambia nulla. Gli operatori avviano e fermano la demo.',
  startHint: 'Chiamate simulate per dieci minuti, separate da tutti i dati reali',
  fault: (said) => `Non ha funzionato: ${said}`,
};

const TEXTS: Readonly<Record<Language, DemoTexts>> = { en, it };

export function useDemoTexts(): DemoTexts {
  return TEXTS[useI18n().language];
}
