import { describe, expect, test } from 'vitest';

import { createStyle } from '../terminal/terminal.ts';
import { formatEvent } from './format-event.ts';
import { isWanted, readEvent } from './read-event.ts';

const time = new Date(2026, 4, 1, 14, 3, 22).toISOString();
const event = (subject: string, data: object) =>
  readEvent(subject, JSON.stringify({ specversion: '1.0', time, data }));
const line = (subject: string, data: object) =>
  formatEvent(event(subject, data), createStyle(false));

// eslint-disable-next-line no-control-regex
const STEERING = /[\u0000-\u001f\u007f-\u009f]/;

describe('an event as a line', () => {
  test('has nothing that steers the terminal, whatever is published where', () => {
    const steering = '\u001b]0;owned\u0007\u009b2J';
    const every = { phase: steering, chunks: steering, running: steering, kind: steering };
    for (const [subject, more] of [
      ['llm.progress.a.m', {}],
      ['llm.app.heartbeat.a.i', {}],
      ['llm.bot.trade.b', {}],
      ['llm.request.valueOf.a.m', {}],
      ['llm.request.constructor.a.m', {}],
      ['llm.verdict.raised.a.m', { verdict: every, cleared: steering }],
    ] as const) {
      expect(line(subject, { ...every, ...more }), subject).not.toMatch(STEERING);
    }
  });

  test('says when, what, whose, and how it ended', () => {
    const call = { app: 'generator', model: 'llama3.2:3b' };
    expect(line('llm.request.started.generator.x', { ...call, promptPreview: 'Why?\nNow.' })).toBe(
      '14:03:22  started      generator       llama3.2:3b         Why? Now.',
    );
    const usage = { outputTokens: 42, source: 'estimate' };
    expect(
      line('llm.request.completed.generator.x', { ...call, durationMs: 2314, ttftMs: 310, usage }),
    ).toMatch(/ 2\.31 s {2}≈42 tokens {2}first 0\.31 s$/);
    const error = { type: 'ResponseError', message: 'model not found' };
    expect(line('llm.request.failed.generator.x', { ...call, outcome: 'error', error })).toMatch(
      /failed .* error {2}ResponseError model not found$/,
    );
    expect(
      line('llm.request.cancelled.generator.x', {
        ...call,
        outcome: 'cancelled',
        cancelledBy: 'ann',
      }),
    ).toMatch(/cancelled {2}by ann$/);
  });

  test('tells of machines, models, letters and alerts too', () => {
    const model = { name: 'llama3.2:3b', sizeBytes: 2 * 1024 ** 3 };
    expect(line('llm.models.loaded.vm.x', { host: 'vm', model })).toMatch(
      /loaded +vm +llama3\.2:3b +2\.0 GiB$/,
    );
    expect(
      line('llm.host.sampled.vm', {
        ...{
          host: 'vm',
          cpuPercent: 12.4,
          memoryUsedBytes: 1024 ** 3,
          memoryTotalBytes: 4 * 1024 ** 3,
        },
        gpus: [{ loadPercent: 88.2 }],
      }),
    ).toMatch(/cpu 12 % {2}memory 1\.0 GiB of 4\.0 GiB {2}gpu 88 %$/);
    expect(
      line('llm.dead-letter.invalid-json', { reason: 'invalid-json', detail: 'no JSON' }),
    ).toContain('invalid-json: no JSON');
    const found = { kind: 'stalled', reason: { limitSeconds: 14 } };
    const whose = { app: 'generator', model: 'm' };
    expect(line('llm.verdict.raised.generator.m', { ...whose, verdict: found })).toMatch(
      /verdict +generator +m +stalled, limitSeconds 14$/,
    );
    expect(
      line('llm.verdict.cleared.generator.m', { ...whose, verdict: found, cleared: 'over' }),
    ).toMatch(/stalled, no longer: over$/);
    const of = { model: 'm' };
    const rule = {
      name: 'Slow',
      severity: 'warning',
      metric: 'p95',
      comparator: '>',
      threshold: 5,
    };
    expect(line('llm.alert.fired.slow', { ...rule, of, value: 9, unit: 's' })).toMatch(
      /alert fired {2}warning: Slow, model m, p95 9 s > 5$/,
    );
    const trade = { bot: 'ft', kind: 'exit', pair: 'BTC/USDT', profitRatio: 0.0123 };
    expect(line('llm.bot.trade.ft', trade)).toMatch(/trade +ft +exit BTC\/USDT 1\.23 %$/);
    expect(line('llm.new.thing', { some: 'thing' })).toMatch(/thing +\{"some":"thing"\}$/);
  });

  test('cannot steer the terminal', () => {
    const evil = '\u001b[2J\u001b]0;x\u0007\u009b31m\r\nhello';
    const data = {
      app: evil,
      model: evil,
      promptPreview: evil,
      outcome: evil,
      error: { type: evil },
    };
    for (const subject of ['llm.request.started.a.b', 'llm.request.failed.a.b', `llm.${evil}.x`]) {
      // eslint-disable-next-line no-control-regex
      expect(line(subject, data)).not.toMatch(/[\u0000-\u001f\u007f-\u009f]/);
    }
    expect(formatEvent(readEvent('llm.x', evil), createStyle(false))).toContain('unreadable');
  });
});

describe('what is wanted', () => {
  test('is known by its true names, since those of subjects are shared', () => {
    const one = event('llm.request.started.my_app.m', { app: 'my app', model: 'm' });
    expect(isWanted(one, { app: 'my app', model: 'm' })).toBe(true);
    expect(isWanted(one, { app: 'my_app' })).toBe(false);
    expect(isWanted(one, { model: 'n' })).toBe(false);
    expect(isWanted(event('llm.models.loaded.h.m', { model: { name: 'm' } }), { model: 'm' })).toBe(
      true,
    );
  });

  test('has demo traffic alone or not at all', () => {
    const demo = event('llm.request.started.a.m', { app: 'a', model: 'm', demo: true });
    expect(isWanted(demo, {})).toBe(false);
    expect(isWanted(demo, { demo: true })).toBe(true);
    expect(isWanted(event('llm.request.started.a.m', { app: 'a' }), { demo: true })).toBe(false);
  });

  test('has what cannot be read, unless a name was asked for', () => {
    const broken = readEvent('llm.request.started.a.m', 'no JSON');
    expect(isWanted(broken, {})).toBe(true);
    expect(isWanted(broken, { app: 'a' })).toBe(false);
  });
});
