import type { AppContext } from '../app-context.ts';
import { THEMES } from '../preferences/preferences.ts';
import { addressOf } from '../routing/route.ts';
import { createKeyReader, type Action } from './shortcuts.ts';

const TYPING = 'input, select, textarea, [contenteditable]';
/** What a space does something to by itself. */
const PRESSED = 'a, button, summary, input, select, textarea, [role="group"]';
const ROW_LINKS = '#content .row a.call-link, #content .row a.name-link';
const SEARCH = 'input[name="q"]';
const SEARCH_WAIT_MS = 3000;

/** Does what single keys say, unless they are switched off, or mean something where the focus is. */
export function listenToKeys(app: AppContext): void {
  const read = createKeyReader(() => performance.now());
  document.addEventListener('keydown', (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
    if (app.preferences.get().shortcuts === 'off' || isTyping(event.target)) return;
    if (event.key === ' ' && isOn(event.target, PRESSED)) return;
    const dialog = document.querySelector('dialog[open]');
    if (dialog) return inDialog(dialog, event);
    const action = read(event.key);
    if (action === null || action === 'waiting') return;
    event.preventDefault();
    act(app, action);
  });
}

/** In a call's drawer the next call is one key away. */
function inDialog(dialog: Element, event: KeyboardEvent): void {
  const name = { j: 'drawer-next', k: 'drawer-previous' }[event.key];
  if (name) dialog.querySelector<HTMLButtonElement>(`[data-testid="${name}"]`)?.click();
}

function act(app: AppContext, action: Action): void {
  const { router, feed, preferences, keyHelp } = app;
  const { demo } = router.route.get();
  switch (action.kind) {
    case 'go':
      return router.open(addressOf(action.page, { demo }));
    case 'search':
      return openSearch(app);
    case 'next':
      return moveBy(1);
    case 'previous':
      return moveBy(-1);
    case 'pause':
      return feed.togglePause();
    case 'theme':
      return preferences.update((before) => ({
        ...before,
        theme: THEMES[(THEMES.indexOf(before.theme) + 1) % THEMES.length] ?? 'system',
      }));
    case 'help':
      return keyHelp.set(true);
  }
}

/** Takes who searches to the field of the history, from any page. */
export function openSearch({ router }: AppContext): void {
  const { page, demo } = router.route.get();
  if (page !== 'history') router.open(addressOf('history', { demo }));
  focusSearch(performance.now() + SEARCH_WAIT_MS);
}

/** The page of the history may still be on its way. */
function focusSearch(untilMs: number): void {
  const field = document.querySelector<HTMLInputElement>(SEARCH);
  if (field) {
    field.focus();
    field.select();
  } else if (performance.now() < untilMs) requestAnimationFrame(() => focusSearch(untilMs));
}

function moveBy(step: 1 | -1): void {
  const links = [...document.querySelectorAll<HTMLElement>(ROW_LINKS)];
  const row = document.activeElement?.closest('.row') ?? null;
  const at = links.findIndex((link) => row !== null && link.closest('.row') === row);
  const next = at < 0 ? (step > 0 ? links[0] : links.at(-1)) : links[at + step];
  next?.focus();
  next?.scrollIntoView({ block: 'nearest' });
}

const isOn = (target: EventTarget | null, selector: string) =>
  target instanceof Element && target.closest(selector) !== null;
const isTyping = (target: EventTarget | null) =>
  isOn(target, TYPING) && !isOn(target, '[type="radio"]');
