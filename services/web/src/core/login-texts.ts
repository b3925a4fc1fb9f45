/** What the login page says. */
export interface LoginTexts {
  language: 'en' | 'it';
  title: string;
  explain: string;
  token: string;
  submit: string;
  wrong: string;
  wait(seconds: number): string;
  storeAway: string;
  signedInAs: { operator: string; viewer: string };
  goOn: string;
  signOut: string;
  signedOut: string;
}

const en: LoginTexts = {
  language: 'en',
  title: 'Log in',
  explain: 'Enter the value of LLM_MONITOR_TOKEN, or of LLM_MONITOR_VIEWER_TOKEN to look only.',
  token: 'Token',
  submit: 'Log in',
  wrong: 'That is not a token of this monitor. See what it was started with.',
  wait: (seconds) => `Too many wrong tokens from your address. Try again in ${seconds} s.`,
  storeAway: 'Redis does not answer, so nobody can be logged in now. Try again in some seconds.',
  signedInAs: {
    operator: 'You are logged in as an operator.',
    viewer: 'You are logged in as a viewer: you see everything and change nothing.',
  },
  goOn: 'To the dashboard',
  signOut: 'Log out',
  signedOut: 'You are logged out.',
};

const it: LoginTexts = {
  language: 'it',
  title: 'Accedi',
  explain:
    'Scrivi il valore di LLM_MONITOR_TOKEN, o di LLM_MONITOR_VIEWER_TOKEN per guardare soltanto.',
  token: 'Token',
  submit: 'Accedi',
  wrong: 'Questo non è un token di questo monitor. Guarda con quale è stato avviato.',
  wait: (seconds) => `Troppi token sbagliati dal tuo indirizzo. Riprova tra ${seconds} s.`,
  storeAway: 'Redis non risponde, quindi ora nessuno può accedere. Riprova tra qualche secondo.',
  signedInAs: {
    operator: 'Hai effettuato l’accesso come operatore.',
    viewer: 'Hai effettuato l’accesso come osservatore: vedi tutto e non cambi nulla.',
  },
  goOn: 'Alla dashboard',
  signOut: 'Esci',
  signedOut: 'Sei uscito.',
};

/** By the `Accept-Language` header: the first of our languages that the browser names. */
export function loginTexts(acceptLanguage: string | undefined): LoginTexts {
  const wished = (acceptLanguage ?? '')
    .split(',')
    .map((part) => {
      const [name = '', quality = ''] = part.trim().toLowerCase().split(';q=');
      return { name, weight: quality === '' ? 1 : Number(quality) || 0 };
    })
    .filter(({ name, weight }) => weight > 0 && /^(en|it)\b/.test(name))
    .sort((a, b) => b.weight - a.weight);
  return wished[0]?.name.startsWith('it') ? it : en;
}
