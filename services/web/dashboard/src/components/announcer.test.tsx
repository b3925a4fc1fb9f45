// @vitest-environment happy-dom
import { render } from 'preact';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';

import { AppContextProvider, type AppContext } from '../app-context.ts';
import type { Freshness } from '../live/connection.ts';
import { createStore } from '../store/store.ts';
import { Announcer } from './announcer.tsx';

const freshness = createStore<Freshness>('connecting');

beforeEach(() => {
  vi.useFakeTimers();
  freshness.set('connecting');
  render(
    <AppContextProvider value={{ feed: { freshness } } as unknown as AppContext}>
      <Announcer />
    </AppContextProvider>,
    document.body,
  );
});
afterEach(() => {
  render(null, document.body);
  vi.useRealTimers();
});

test('a connection that comes and goes says at most one thing in five seconds, and in the end what is so', async () => {
  const region = document.querySelector('[role="status"]')!;
  const said: { text: string; atMs: number }[] = [];
  const listen = () => {
    const { textContent: text } = region;
    if (text !== (said.at(-1)?.text ?? '')) said.push({ text, atMs: performance.now() });
  };
  for (let i = 0; i < 120; i++) {
    if (i < 60) freshness.set(i % 2 === 0 ? 'live' : 'reconnecting');
    await vi.advanceTimersByTimeAsync(170);
    listen();
  }
  freshness.set('stale');
  await vi.advanceTimersByTimeAsync(6000);
  listen();
  expect(said.length).toBeGreaterThan(1);
  said.slice(1).forEach(({ atMs }, i) => expect(atMs - said[i]!.atMs).toBeGreaterThan(4800));
  expect(region.textContent).toContain('No news from the server');
});
