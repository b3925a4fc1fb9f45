import { VIEWS, type View } from './views.ts';

/** How the screen is set, apart from what there is to show. */
export interface UiState {
  view: View;
  sort: Record<View, { key: string; isDescending: boolean }>;
  filter: string;
  /** `filter`: what is typed changes the filter; `confirm`: a call is about to be cancelled. */
  mode: 'browse' | 'filter' | 'confirm' | 'help';
  isPaused: boolean;
  isDemo: boolean;
  /** The selected row, from the top, and the running call in it. */
  row: number;
  selected: string | undefined;
  /** The call that is about to be cancelled: it stays the same one though rows move. */
  cancelling: string | undefined;
  /** One line for a person, until the next key. */
  message: string;
}

/** What a key asks the program to do, beside what it changes on the screen. */
export type UiAction = 'quit' | 'cancel' | 'ask-cancel' | 'pause' | 'demo' | undefined;

/** A key that was pressed, as readline tells it. */
export interface Key {
  name?: string | undefined;
  sequence?: string | undefined;
  ctrl?: boolean | undefined;
}

const PAGE_ROWS = 10;
const MAX_FILTER = 80;
const CHARACTERS = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

export function initialUi(options: { isDemo: boolean; filter?: string | undefined }): UiState {
  return {
    view: 'calls',
    sort: {
      calls: { key: 'elapsed', isDescending: true },
      models: { key: 'active', isDescending: true },
      hosts: { key: 'host', isDescending: false },
      recent: { key: 'ago', isDescending: true },
    },
    filter: options.filter ?? '',
    mode: 'browse',
    isPaused: false,
    isDemo: options.isDemo,
    row: 0,
    selected: undefined,
    cancelling: undefined,
    message: '',
  };
}

/**
 * The screen after a key.
 * @param sortable keys of the columns of the present view that can be sorted by
 */
export function pressKey(
  before: UiState,
  key: Key,
  sortable: readonly string[],
): { ui: UiState; action: UiAction } {
  if (key.ctrl && key.name === 'c') return { ui: before, action: 'quit' };
  const ui = { ...before, message: '' };
  if (ui.mode === 'filter') return { ui: typeFilter(ui, key), action: undefined };
  if (ui.mode === 'confirm') {
    const isYes = key.name === 'y';
    const message = isYes ? 'Asking …' : 'Nothing was cancelled.';
    return { ui: { ...ui, mode: 'browse', message }, action: isYes ? 'cancel' : undefined };
  }
  if (ui.mode === 'help') {
    return key.name === 'q'
      ? { ui, action: 'quit' }
      : { ui: { ...ui, mode: 'browse' }, action: undefined };
  }
  return browse(ui, key, sortable);
}

type Change = (ui: UiState, sortable: readonly string[]) => [Partial<UiState>, UiAction?];

const byView =
  (step: number): Change =>
  ({ view }) => {
    const next = VIEWS[(VIEWS.indexOf(view) + step + VIEWS.length) % VIEWS.length];
    return [{ view: next ?? view, row: 0 }];
  };
const byRows =
  (step: number): Change =>
  ({ row }) => [{ row: Math.max(0, row + step) }];
const sorted: Change = (ui, sortable) => [
  { sort: { ...ui.sort, [ui.view]: nextSort(ui, sortable) } },
];
const turned: Change = (ui) => [{ sort: { ...ui.sort, [ui.view]: reversed(ui) } }];
const toggled: Change = ({ isPaused }) => [{ isPaused: !isPaused }, 'pause'];
const helped: Change = () => [{ mode: 'help' }];

/** What keys do while nothing is typed and nothing is asked. */
const KEYS: Readonly<Record<string, Change>> = {
  ...{ q: () => [{}, 'quit'], tab: byView(1), right: byView(1), left: byView(-1) },
  ...{ down: byRows(1), j: byRows(1), up: byRows(-1), k: byRows(-1) },
  ...{ pagedown: byRows(PAGE_ROWS), pageup: byRows(-PAGE_ROWS) },
  ...{ home: byRows(-Infinity), g: byRows(-Infinity) },
  ...{ s: sorted, r: turned, p: toggled, space: toggled, h: helped, '?': helped },
  d: ({ isDemo }) => [{ isDemo: !isDemo, row: 0 }, 'demo'],
  c: () => [{}, 'ask-cancel'],
  escape: () => [{ filter: '' }],
  '/': () => [{ mode: 'filter' }],
};

function browse(
  ui: UiState,
  { name = '', sequence = '' }: Key,
  sortable: readonly string[],
): { ui: UiState; action: UiAction } {
  const view = VIEWS[Number(sequence) - 1];
  if (view) return { ui: { ...ui, view, row: 0 }, action: undefined };
  const [fields, action] = KEYS[name || sequence]?.(ui, sortable) ?? [{}];
  return { ui: { ...ui, ...fields }, action };
}

function nextSort({ sort, view }: UiState, sortable: readonly string[]): UiState['sort'][View] {
  const at = sortable.indexOf(sort[view].key);
  return { ...sort[view], key: sortable[(at + 1) % sortable.length] ?? sort[view].key };
}

function reversed({ sort, view }: UiState): UiState['sort'][View] {
  return { ...sort[view], isDescending: !sort[view].isDescending };
}

function typeFilter(ui: UiState, { name, sequence = '', ctrl }: Key): UiState {
  if (name === 'return' || name === 'enter') return { ...ui, mode: 'browse' };
  if (name === 'escape') return { ...ui, mode: 'browse', filter: '' };
  if (name === 'backspace') return { ...ui, filter: withoutLast(ui.filter) };
  if (ctrl && name === 'u') return { ...ui, filter: '' };
  const isText = !ctrl && sequence !== '' && !/\p{C}/u.test(sequence);
  const filter = ui.filter + sequence;
  return isText && filter.length <= MAX_FILTER ? { ...ui, row: 0, filter } : ui;
}

/** A character is what a person takes for one. */
function withoutLast(text: string): string {
  const last = [...CHARACTERS.segment(text)].at(-1);
  return last ? text.slice(0, last.index) : text;
}
