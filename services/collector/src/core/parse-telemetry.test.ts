import { expect, test } from 'vitest';

import { parseProgress, parseTelemetry } from './parse-telemetry.ts';

const event = (data: unknown) => ({
  ...{ specversion: '1.0', id: 'event-1', source: '/tests', type: 'llm.test.v1' },
  ...{ time: '2026-01-01T12:00:00.000Z', data },
});
const bytes = (value: unknown) =>
  new TextEncoder().encode(typeof value === 'string' ? value : JSON.stringify(value));

const beat = { app: 'x', instance: 'y', runningRequestIds: [], running: 0 };
const nothing = { ...{ cpuPercent: null, cpuCount: null, memoryUsedBytes: null } };
const host = {
  ...{ host: 'box', ...nothing, memoryTotalBytes: null, uptimeSeconds: null, server: null },
  intervalSeconds: 10,
};
const models = {
  host: 'box',
  serverAddress: '127.0.0.1:11434',
  provider: 'ollama',
  models: [],
  loaded: [],
};
const trade = { bot: 'b', kind: 'entry', source: 'poll' };
const sample = {
  ...{ bot: 'b', apps: [], address: 'http://b', reachable: false, answeredAt: null, state: null },
  ...{ dryRun: null, exchange: null, strategy: null, version: null, tradingMode: null },
  ...{ timeframe: null, stakeCurrency: null, maxOpenTrades: null, openTradeCount: null },
  ...{ openTrades: null, profit: null, balance: null, intervalSeconds: 5 },
};

const KINDS = [
  ['llm.app.heartbeat.shop.i-1', beat, { kind: 'heartbeat', app: 'shop', instance: 'i-1' }],
  ['llm.host.sampled.box', host, { kind: 'host' }],
  ['llm.models.listed.box', models, { kind: 'models' }],
  ['llm.bot.sampled.b', sample, { kind: 'bot' }],
  ['llm.bot.trade.b', trade, { kind: 'bot-trade', id: 'event-1' }],
] as const;

test.each(KINDS)('a message on %s is what its subject names', (subject, data, said) => {
  expect(parseTelemetry(subject, bytes(event(data)))).toEqual({ ...said, data });
});

test('nothing is taken for what its subject does not name, or from a body that is no such event', () => {
  for (const [subject, data] of KINDS) {
    for (const body of ['', '{"half":', 'null', data, event({}), { data }]) {
      expect(parseTelemetry(subject, bytes(body)), subject).toBeUndefined();
    }
    for (const [other] of KINDS) {
      if (other === subject) continue;
      expect(parseTelemetry(other, bytes(event(data))), `${subject} on ${other}`).toBeUndefined();
    }
    const [llm, topic, kind, ...rest] = subject.split('.');
    for (const wrong of [[llm, 'else', kind, ...rest], [llm, topic, 'else', ...rest], ['llm']]) {
      expect(parseTelemetry(wrong.join('.'), bytes(event(data))), subject).toBeUndefined();
    }
  }
});

test('a heartbeat whose subject does not name both app and instance is of no use', () => {
  for (const subject of ['llm.app.heartbeat.shop', 'llm.app.heartbeat..i-1']) {
    expect(parseTelemetry(subject, bytes(event(beat)))).toBeUndefined();
  }
});

test('progress is of the app that its subject names', () => {
  const data = {
    requestId: 'request-1',
    app: 'x',
    model: 'm:1',
    phase: 'generating',
    chunks: 1,
    chars: 4,
  };
  const body = bytes(event(data));
  expect(parseProgress('llm.progress.shop.m_1', body)).toMatchObject({ app: 'shop', data });
  expect(parseProgress('llm.progress', body)).toBeUndefined();
  expect(parseProgress('llm.progress.shop.m_1', bytes(event({})))).toBeUndefined();
});
