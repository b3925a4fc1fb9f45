import type { Verdict } from '@llm-monitor/contracts/events';
import type { ActiveRequest } from '@llm-monitor/contracts/rest';
import { describe, expect, test } from 'vitest';

import { widthOf } from '../terminal/fit.ts';
import { createStyle } from '../terminal/terminal.ts';
import type { LinkState } from './live-link.ts';
import { fromSnapshot, type LiveModel } from './live-model.ts';
import { jsonSnapshot, plainSnapshot } from './plain-snapshot.ts';
import { renderScreen, type ScreenInput } from './render-screen.ts';
import { active, NOW_MS, snapshot } from './sample-data.ts';
import { tableOf } from './table.ts';
import { initialUi } from './ui-state.ts';

const model = fromSnapshot(snapshot, NOW_MS);
const live: LinkState = { phase: 'live', heardAtMs: NOW_MS, fault: undefined };
const input = (over: Partial<ScreenInput> = {}): ScreenInput => ({
  model,
  link: live,
  ui: initialUi({ isDemo: false }),
  size: { columns: 80, rows: 24 },
  nowMs: NOW_MS,
  webUrl: 'http://localhost:8080',
  style: createStyle(false),
  ...over,
});
const screen = (over: Partial<ScreenInput> = {}) => renderScreen(input(over)).join('\n');

describe('the screen', () => {
  test.each([
    ...[
      [20, 4],
      [30, 7],
      [40, 10],
      [60, 13],
      [80, 24],
      [79, 24],
      [120, 40],
      [160, 50],
      [300, 80],
    ],
  ])('fills %i × %i, and no line passes its width', (columns = 0, rows = 0) => {
    const many = {
      ...model,
      active: new Map(Array.from({ length: 99 }, (_, at) => [`k${at}`, active(`call-${at}`)])),
    };
    for (const view of ['calls', 'models', 'hosts', 'recent'] as const) {
      for (const shown of [model, many, undefined] as (LiveModel | undefined)[]) {
        for (const mode of ['browse', 'filter', 'help', 'confirm'] as const) {
          const ui = { ...initialUi({ isDemo: true }), view, mode, cancelling: 'k1' };
          const lines = renderScreen(input({ model: shown, ui, size: { columns, rows } }));
          expect(lines).toHaveLength(rows);
          for (const line of lines) expect(widthOf(line)).toBeLessThanOrEqual(columns);
          // eslint-disable-next-line no-control-regex
          expect(lines.join('')).not.toMatch(/[\u0000-\u001f\u007f-\u009f]/);
        }
      }
    }
  });

  test('shows tiles, memory, machines and the running calls', () => {
    const text = screen();
    expect(text).toContain('● live');
    expect(text).toMatch(
      /active 2 {3}tokens\/s ≈18\.2 {3}success 93\.2 % {3}errors 4 {3}p95 2\.0 s/,
    );
    expect(text).toContain('in memory   llama3.2:3b 2.0 GiB');
    expect(text).toContain('cpu 91 % mem 40 % gpu 88 %');
    expect(text).toMatch(/› generating +llama3\.2:3b +generator +12\.5 s +≈42 +≈18\.2 日本/);
    expect(text).toMatch(/ {2}prompt 45 % +llama3\.2:3b +zeta/);
  });

  test('names what is wrong with a running call', () => {
    const stalled: Verdict = { kind: 'stalled', since: '', reason: { limitSeconds: 9 } };
    const queued: Verdict = { kind: 'queued', since: '', reason: { ahead: 1, behind: [] } };
    const verdicts = { 'aaaaaaaa:generator': [queued, stalled], 'bbbbbbbb:zeta': [queued] };
    const judged = [...model.active].map(([key, call]): [string, ActiveRequest] => [
      key,
      { ...call, verdicts: verdicts[key as keyof typeof verdicts] },
    ]);
    const text = screen({ model: { ...model, active: new Map(judged) } });
    expect(text).toMatch(/› stalled +llama3/);
    expect(text).toMatch(/ {2}prompt 45 % +llama3/);
  });

  test('says how old its data are when nothing is heard, and keeps them', () => {
    const later = NOW_MS + 9000;
    expect(screen({ nowMs: later })).toContain('◌ stale, data 9 s old');
    const lost = screen({ nowMs: later, link: { ...live, phase: 'reconnecting' } });
    expect(lost).toContain('◌ reconnecting, data 9 s old');
    expect(lost).toContain('zeta');
    const never: LinkState = {
      phase: 'connecting',
      heardAtMs: undefined,
      fault: 'refused\u001b[2J',
    };
    expect(screen({ model: undefined, link: never })).toContain(
      'Connecting to http://localhost:8080 … (refused)',
    );
  });

  test('asks before a call is cancelled, and says what that does', () => {
    const ui = {
      ...initialUi({ isDemo: false }),
      mode: 'confirm' as const,
      cancelling: 'bbbbbbbb:zeta',
    };
    expect(screen({ ui, size: { columns: 120, rows: 24 } })).toMatch(
      /Cancel\? y\/N {2}llama3\.2:3b of zeta: its program gets an error/,
    );
    expect(screen({ ui: { ...ui, cancelling: 'gone' } })).toContain('has ended');
  });

  test('keeps a call selected though rows move', () => {
    const ui = { ...initialUi({ isDemo: false }), row: 0, selected: 'bbbbbbbb:zeta' };
    expect(screen({ ui })).toMatch(/› prompt 45 %/);
  });
});

test('a view is put in order, and shows what has the text', () => {
  const table = (sort: { key: string; isDescending: boolean }, filter = '') =>
    tableOf(
      model,
      { view: 'calls', filter, sort: { ...initialUi({ isDemo: false }).sort, calls: sort } },
      { nowMs: NOW_MS, style: createStyle(false) },
    );
  const keys = (of: ReturnType<typeof table>) =>
    Array.from({ length: of.count }, (_, at) => of.callAt(at));
  expect(keys(table({ key: 'tokens', isDescending: false }))).toEqual([
    'bbbbbbbb:zeta',
    'aaaaaaaa:generator',
  ]);
  expect(keys(table({ key: 'app', isDescending: false }))).toEqual([
    'aaaaaaaa:generator',
    'bbbbbbbb:zeta',
  ]);
  expect(keys(table({ key: 'app', isDescending: false }, 'ZET'))).toEqual(['bbbbbbbb:zeta']);
  expect(table({ key: 'app', isDescending: false }, 'nothing').count).toBe(0);
});

test('one snapshot has all of it, as text and as JSON', () => {
  const ui = initialUi({ isDemo: false });
  const text = plainSnapshot(model, { ui, width: 120, nowMs: NOW_MS, style: createStyle(false) });
  expect(text).toContain('calls (2)');
  expect(text).toMatch(/prompt 45 % +llama3\.2:3b +zeta/);
  for (const line of text.split('\n')) expect(widthOf(line)).toBeLessThanOrEqual(120);
  expect(jsonSnapshot(model)).toMatchObject({ active: [{ id: 'aaaaaaaa' }, { id: 'bbbbbbbb' }] });
});
