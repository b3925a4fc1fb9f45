import { useI18n, type Language } from '../i18n/i18n.ts';

const en = {
  button: 'Delete',
  viewer: 'You are logged in as a viewer, who changes nothing. Operators delete calls.',
  title: 'Delete this call?',
  consequence:
    'What was asked and answered, and all its details, are removed for good, from the streams too. Counts, tokens and times stay in the figures.',
  confirm: 'Delete for good',
  keep: 'Keep it',
  pending: 'Deleting…',
  failed: 'The call was not deleted',
  unfinished: 'It takes longer than expected. Press again to go on.',
};
type DeleteTexts = typeof en;

const it: DeleteTexts = {
  button: 'Elimina',
  viewer: 'Hai effettuato l’accesso in sola lettura. Gli operatori eliminano le chiamate.',
  title: 'Eliminare questa chiamata?',
  consequence:
    'La domanda, la risposta e tutti i dettagli vengono rimossi per sempre, anche dai flussi. Conteggi, token e tempi restano nelle statistiche.',
  confirm: 'Elimina per sempre',
  keep: 'Conserva',
  pending: 'Eliminazione…',
  failed: 'La chiamata non è stata eliminata',
  unfinished: 'Richiede più tempo del previsto. Premi di nuovo per continuare.',
};

const TEXTS: Readonly<Record<Language, DeleteTexts>> = { en, it };

/** Texts of the drawer alone; they come with it. */
export function useDeleteTexts(): DeleteTexts {
  return TEXTS[useI18n().language];
}
