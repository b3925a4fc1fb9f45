import { useI18n } from '../i18n/i18n.ts';
import { readAccess } from '../rest/access.ts';
import { leave } from '../rest/own-fetch.ts';
import { basePath } from '../routing/base-path.ts';

const TEXTS = {
  en: {
    operator: 'Operator',
    operatorHint: 'You see everything and may cancel calls',
    viewer: 'Viewer',
    viewerHint: 'You see everything and change nothing',
    logOut: 'Log out',
  },
  it: {
    operator: 'Operatore',
    operatorHint: 'Vedi tutto e puoi annullare le chiamate',
    viewer: 'Osservatore',
    viewerHint: 'Vedi tutto e non cambi nulla',
    logOut: 'Esci',
  },
};

/** Who is logged in, and the way out. */
export function Account() {
  const { language } = useI18n();
  const access = readAccess();
  if (!access) return null;
  const t = TEXTS[language];
  const { role } = access;
  return (
    <form
      class="account"
      method="post"
      action={`${basePath()}/logout`}
      data-testid="account"
      onSubmit={leave}
    >
      <span class="account-role" title={t[`${role}Hint`]}>
        {t[role]}
      </span>
      <button type="submit" class="button is-small">
        {t.logOut}
      </button>
    </form>
  );
}
