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

  test('mean one thing with Ctrl and another without, and nothing where they mean nothing', () => {
    expect(press(ui, 'c').action).toBe('ask-cancel');
    expect(press(ui, { name: 'z', sequence: 'z' })).toEqual({ ui, action: undefined });
    expect(press(ui, { sequence: '?' }).ui.mode).toBe('help');
    const typing = { ...ui, mode: 'filter' as const, filter: 'abc' };
    expect(press(typing, { name: 'u', sequence: '\u0015', ctrl: true }).ui.filter).toBe('');
    expect(press(typing, 'u', { name: 'x', sequence: 'x', ctrl: true }).ui.filter).toBe('abcu');
    expect(press(typing, { name: 'f1' }, { name: 'enter' }).ui).toMatchObject({
      ...{ mode: 'browse', filter: 'abc' },
    });
  });

  test('leave the help, and the program from there', () => {
    expect(press(ui, 'h', 'x')).toMatchObject({ action: undefined, ui: { mode: 'browse' } });
    expect(press(ui, 'h', 'q').action).toBe('quit');
  });

  test('show demo traffic alone from its first row, and go as far up as there are rows', () => {
    expect(press({ ...ui, row: 3 }, 'd')).toMatchObject({
      action: 'demo',
      ui: { isDemo: true, row: 0 },
    });
    expect(press(ui, 'pagedown', 'down').ui.row).toBe(11);
    expect(press(ui, 'pagedown', 'pageup', 'up').ui.row).toBe(0);
    expect(press(ui, 'pagedown', 'g').ui.row).toBe(0);
  });

  test('begin with what runs longest, and with what ended last', () => {
    expect(Object.entries(ui.sort).map(([view, { isDescending }]) => [view, isDescending])).toEqual(
      [
        ...[
          ['calls', true],
          ['models', true],
          ['hosts', false],
          ['recent', true],
        ],
      ],
    );
  });

  test('make no filter of half a character', () => {
    const long = { ...ui, mode: 'filter' as const, filter: 'x'.repeat(79) };
    expect(press(long, '🙂').ui.filter).toBe(long.filter);
    expect(press(long, 'y', 'z').ui.filter).toBe(`${long.filter}y`);
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
