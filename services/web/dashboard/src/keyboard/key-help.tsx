import { useId } from 'preact/hooks';

import { useApp } from '../app-context.ts';
import { Dialog } from '../components/dialog.tsx';
import { Icon } from '../components/icon.tsx';
import { useI18n } from '../i18n/i18n.ts';
import { useKeyHelpTexts } from './key-help-texts.ts';
import { GO_KEYS } from './shortcuts.ts';

/** All keys that do something. */
export function KeyHelp() {
  const texts = useKeyHelpTexts();
  const { t } = useI18n();
  const { keyHelp } = useApp();
  const titleId = useId();
  const close = () => keyHelp.set(false);
  const keys: [string[], string][] = [
    [['/'], texts.search],
    [['j', 'k'], texts.rows],
    [['Enter'], texts.open],
    [['Esc'], texts.close],
    [['Space'], texts.pause],
    [['t'], texts.theme],
    [['?'], texts.help],
    ...Object.entries(GO_KEYS).map(([key, page]): [string[], string] => [
      ['g', key],
      texts.go(t.titles[page]),
    ]),
  ];
  return (
    <Dialog class="is-question" labelledBy={titleId} testId="key-help" onClose={close}>
      <div class="drawer-title">
        <h2 id={titleId}>{texts.title}</h2>
        <button type="button" class="button is-icon" aria-label={t.close} onClick={close}>
          <Icon name="close" />
        </button>
      </div>
      <dl class="key-list">
        {keys.map(([names, meaning]) => (
          <div key={meaning}>
            <dt>
              {names.map((name) => (
                <kbd key={name}>{name}</kbd>
              ))}
            </dt>
            <dd>{meaning}</dd>
          </div>
        ))}
      </dl>
      <p class="quiet">{texts.off}</p>
    </Dialog>
  );
}
