import { expect, test } from 'vitest';

import { watchForeignServers } from './foreign-servers.ts';

const NATS = {
  check: 'nats',
  title: 'NATS',
  variable: 'NATS_URL',
  address: 'nats://10.0.0.1:4222',
} as const;
const away = (detail: string) => [
  { name: 'redis', ok: false, detail: 'is ours' },
  { name: 'nats', ok: false, detail },
];
const there = [{ name: 'nats', ok: true, detail: 'answers' }];

test('says for whom it waits once that takes long, each reason once, and when it is over', () => {
  let nowMs = 0;
  const said: string[] = [];
  const watch = watchForeignServers([NATS], { say: (text) => said.push(text), nowMs: () => nowMs });
  watch.hear(away('refused'));
  expect([said, watch.isWaiting()]).toEqual([[], true]);
  for (nowMs = 1000; nowMs <= 5000; nowMs += 1000) watch.hear(away('refused'));
  expect(said).toEqual([
    expect.stringMatching(/^Waiting for NATS at nats:\/\/10\.0\.0\.1:4222: refused\n.*NATS_URL/),
  ]);
  watch.hear(away('wrong password'));
  watch.hear(away('refused'));
  expect(said).toHaveLength(2);
  watch.hear(there);
  expect([said.at(-1), watch.isWaiting()]).toEqual(['NATS is there.', false]);
});

test('says nothing of a server that was there soon', () => {
  const said: string[] = [];
  const watch = watchForeignServers([NATS], { say: (text) => said.push(text), nowMs: () => 0 });
  watch.hear(away('not connected yet'));
  watch.hear(there);
  expect(said).toEqual([]);
});
