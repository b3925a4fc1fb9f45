// @vitest-environment happy-dom
import { anActiveCall, anEndedCall, aState, aStatus } from '@llm-monitor/contracts/live/samples';
import { render } from 'preact';
import { afterEach, beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest';

import { createPreferences } from './preferences/preferences.ts';
import { all, only, showApp as show, textOf } from './show-app.tsx';

const eventually = (check: () => void) => vi.waitFor(check, { timeout: 8000 });

beforeEach(() => localStorage.clear());
afterEach(() => render(null, document.body));

describe('the live page', () => {
  test('shows a running call with its prompt as text, and an estimate of its tokens', () => {
    const call = anActiveCall({
      phase: 'generating',
      prompt: '<img src=x onerror=alert(1)>',
      tokens_generated: 12,
    });
    show(aState({ active: [call] }));
    expect(only('active-row')?.dataset['requestId']).toBe('request-1');
    expect(textOf('active-prompt')).toBe('<img src=x onerror=alert(1)>');
    expect(document.querySelector('img')).toBeNull();
    expect(textOf('active-tokens')).toBe('≈ 12');
    expect(only('active-row')?.textContent).toContain('12.4');
  });

  test('says of how many calls the details are, where more run than are told one by one', () => {
    show({ ...aState({ active: [anActiveCall()] }), unlisted: 1200 });
    expect(only('tile-active')?.dataset['value']).toBe('1201');
    for (const tile of ['tile-active', 'tile-throughput']) {
      expect(only(tile)?.title).toBe('details are of 1 of them');
    }
    expect(document.querySelector('.panel-note')?.textContent).toBe('details are of 1 of them');
  });

  test('writes the day beside the time of a call once that day is over', async () => {
    vi.useFakeTimers({ now: Date.UTC(2026, 4, 1, 23, 59, 58) });
    onTestFinished(() => void vi.useRealTimers());
    localStorage.setItem('llm-monitor.zone', 'utc');
    show(aState({ recent: [anEndedCall({ ended_at: '2026-05-01T23:59:00.000Z' })] }));
    const ended = () => document.querySelector('[data-testid="history-row"] time')?.textContent;
    await vi.advanceTimersByTimeAsync(500);
    expect(ended()).toBe('23:59:00');
    await vi.advanceTimersByTimeAsync(3000);
    expect(ended()).toBe('May 1 23:59:00');
  });

  test('leads to a first call by a package that can be had: it is not published', async () => {
    show(aState());
    await eventually(() => expect(textOf('empty')).toContain('node scripts/pack.mjs'));
    expect(textOf('empty')).not.toContain('npm install @llm-monitor/client');
  });

  test('lets the elapsed time run without any message', async () => {
    const { time } = show(aState({ active: [anActiveCall()] }));
    time.ms += 1000;
    await eventually(() => expect(only('active-row')?.textContent).toContain('13.4'));
  });

  test('moves a call from the running ones to the history', async () => {
    const { feed } = show(aState({ active: [anActiveCall()] }));
    const error = { type: 'TimeoutError', message: 'no answer in 30 s' };
    feed.live.set(
      aState({ recent: [anEndedCall({ status: 'timeout', outcome: 'timeout', error })] }),
    );
    await eventually(() => expect(all('history-row')).toHaveLength(1));
    expect(all('active-row')).toHaveLength(0);
    expect(only('history-row')?.dataset['status']).toBe('timeout');
    expect(only('history-row')?.textContent).toContain('no answer in 30 s');
  });

  test('says in Italian what it said in English, and remembers the choice', async () => {
    show(aState({ active: [anActiveCall({ phase: 'generating', tokens_per_second: 38.2 })] }));
    document.querySelector<HTMLButtonElement>('button[lang="it"]')?.click();
    await eventually(() => expect(only('active-row')?.textContent).toContain('Generazione'));
    expect(only('active-row')?.textContent).toContain('38,2');
    expect(document.documentElement.lang).toBe('it');
    expect(createPreferences(window).get().language).toBe('it');
  });

  test('tells exact figures to programs, and a dash for what is unknown to people', () => {
    show(aState({ recent: [anEndedCall()], status: aStatus({ total_requests: 1284 }) }));
    expect(only('tile-total')?.dataset['value']).toBe('1284');
    expect(only('tile-success')?.textContent).toContain('—');
    expect(textOf('tile-response')).toMatch(/last call$/);
    expect(only('tile-success')?.dataset['value']).toBeUndefined();
  });

  test('teaches the first call while there is none', async () => {
    show(aState({ status: aStatus({ models_available: ['phi3'] }) }));
    await eventually(() => expect(document.querySelector('pre')).not.toBeNull());
    expect(document.querySelector('pre')?.textContent).toContain('@llm-monitor/client/ollama');
    expect(document.querySelector('pre')?.textContent).toContain("model: 'phi3'");
  });

  test('keeps its rows on screen while it reconnects', () => {
    show(aState({ active: [anActiveCall()] }), { freshness: 'reconnecting' });
    expect(all('active-row')).toHaveLength(1);
    expect(only('connection-state')?.dataset['state']).toBe('reconnecting');
    expect(document.querySelector('main')?.className).toContain('is-old');
  });

  test('says what to do when there was never anything to show', () => {
    show(null, { freshness: 'error' });
    expect(document.body.textContent).toContain('./llm-monitor status');
  });

  test('never shows demo traffic without its banner', () => {
    show(aState(), { address: '/?demo=true' });
    expect(only('demo-banner')).toBeDefined();
  });
});

describe('preferences', () => {
  test('hold for the page where storage is blocked', () => {
    const blocked = new Proxy(window, {
      get(target, name) {
        if (name === 'localStorage') throw new Error('blocked');
        return Reflect.get(target, name) as unknown;
      },
    });
    const preferences = createPreferences(blocked);
    preferences.set({
      theme: 'dark',
      language: 'en',
      zone: 'local',
      shortcuts: 'on',
      texts: 'shown',
    });
    expect(document.documentElement.dataset['theme']).toBe('dark');
    preferences.set({
      theme: 'system',
      language: 'en',
      zone: 'local',
      shortcuts: 'on',
      texts: 'shown',
    });
    expect(document.documentElement.dataset['theme']).toBeUndefined();
  });
});
