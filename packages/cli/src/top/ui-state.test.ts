import { describe, expect, test } from 'vitest';

import { initialUi, pressKey, type Key, type UiState } from './ui-state.ts';

const press = (ui: UiState, ...keys: (Key | string)[]) =>
  keys.reduce<{ ui: UiState; action?: unknown }>(
    (at, key) =>
      pressKey(at.ui, typeof key === 'string' ? { name: key, sequence: key } : key, [
        'phase',
        'model',
        'app',
        'elapsed',
      ]),
    { ui },
  );

describe('keys', () => {
  const ui = initialUi({ isDemo: false });

  test('switch views, move, pause and quit', () => {
    expect(press(ui, '2').ui.view).toBe('models');
    expect(press(ui, 'tab', 'tab').ui.view).toBe('hosts');
    expect(press(ui, 'left').ui.view).toBe('recent');
    expect(press(ui, 'down', 'j', 'up').ui.row).toBe(1);
    expect(press(ui, 'p')).toMatchObject({ action: 'pause', ui: { isPaused: true } });
    expect(press(ui, 'q').action).toBe('quit');
    for (const mode of ['filter', 'confirm', 'help', 'browse'] as const) {
      expect(press({ ...ui, mode }, { name: 'c', ctrl: true, sequence: '\u0003' }).action).toBe(
        'quit',
      );
    }
  });

  test('sort by the next column, and the other way round', () => {
    expect(press(ui, 's').ui.sort.calls).toEqual({ key: 'phase', isDescending: true });
    expect(press(ui, 's', 's', 'r').ui.sort.calls).toEqual({ key: 'model', isDescending: false });
  });

  test('type a filter, in which no key means anything else', () => {
    const typed = press(
      ui,
      '/',
      'q',
      'p',
      '日',
      { name: 'backspace' },
      { sequence: '\u001b[5~', name: 'x' },
    );
    expect(typed.ui).toMatchObject({ mode: 'filter', filter: 'qp', isPaused: false });
    expect(press(typed.ui, 'return').ui).toMatchObject({ mode: 'browse', filter: 'qp' });
    expect(press(typed.ui, 'escape').ui).toMatchObject({ mode: 'browse', filter: '' });
  });

  test('cancel only after a yes', () => {
    const asked = { ...ui, mode: 'confirm' as const, cancelling: 'k' };
    expect(press(asked, 'y')).toMatchObject({ action: 'cancel', ui: { mode: 'browse' } });
    for (const other of ['n', 'return', 'escape', 'q']) {
      expect(press(asked, other)).toMatchObject({ action: undefined, ui: { mode: 'browse' } });
    }
  });
});
