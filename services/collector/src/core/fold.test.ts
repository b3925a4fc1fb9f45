import {
  addLifetimeFields,
  addRollupFields,
  emptyLifetime,
  emptyRollup,
  LIFETIME,
  parseRollupMember,
} from '@llm-monitor/contracts/redis';
import { describe, expect, test } from 'vitest';

import type { Prior, ShardChange } from './change.ts';
import { foldBatch } from './fold.ts';
import type { RequestEvent } from './parse-event.ts';

const NOON = Date.UTC(2026, 0, 1, 12);
const MEMBER = 'request-1:generator';
const identity = { requestId: 'request-1', app: 'generator', model: 'm:1', host: 'h' };
const common = { app: 'generator', id: 'request-1' };

const start: RequestEvent = {
  ...{ ...common, mark: 'start', atMs: NOON, startedAtMs: NOON },
  data: { ...identity, promptPreview: 'Why?' },
};
const firstToken: RequestEvent = {
  ...{ ...common, mark: 'firstToken', atMs: NOON + 200, startedAtMs: NOON + 3 },
  data: { ...identity, ttftMs: 200 },
};
const end: RequestEvent = {
  ...{ ...common, mark: 'end', atMs: NOON + 61_000, startedAtMs: NOON - 2 },
  data: {
    ...identity,
    ...{ outcome: 'completed', durationMs: 61_002, ttftMs: 200 },
    usage: { inputTokens: 7, outputTokens: 100, source: 'server' },
  },
};
const orphan: RequestEvent = {
  ...{ ...common, mark: 'orphan', atMs: NOON + 40_000, startedAtMs: NOON },
  data: { ...identity, outcome: 'orphaned', durationMs: 40_000 },
};

const fold = (events: RequestEvent[], prior?: Partial<Prior>): ShardChange =>
  foldBatch(events, new Map(prior ? [[MEMBER, { bits: 0, ttftKnown: false, ...prior }]] : []));

function totals(change: ShardChange) {
  const rollup = emptyRollup();
  const fields = Object.fromEntries([...change.totals.real].map(([k, v]) => [k, String(v)]));
  addRollupFields(rollup, fields);
  return rollup.counts;
}

function lifetimeOf(change: ShardChange) {
  const lifetime = emptyLifetime();
  for (const { bucket, fields } of change.rollups) {
    const texts = Object.fromEntries([...fields].map(([k, v]) => [k, String(v)]));
    if (bucket === LIFETIME) addLifetimeFields(lifetime, texts);
  }
  return lifetime;
}

const buckets = (change: ShardChange, field: string) =>
  Object.fromEntries(
    change.rollups
      .filter(({ bucket, fields }) => bucket.startsWith('m') && fields.get(field))
      .map(({ bucket, fields }) => [Number(bucket.slice(1)) - NOON / 60_000, fields.get(field)]),
  );

describe('a batch', () => {
  test('counts the start in the minute of the start and the outcome in that of the end', () => {
    const change = fold([start, firstToken, end]);
    expect(buckets(change, 'n')).toEqual({ 0: 1 });
    expect(buckets(change, 'ok')).toEqual({ 1: 1 });
    expect(totals(change)).toMatchObject({ started: 1, completed: 1, outputTokens: 100 });
    expect(change.requests).toMatchObject([
      { mask: 7, expectedBits: undefined, endedAtMs: end.atMs, tells: 'e' },
    ]);
    expect(fold([start, firstToken]).requests).toMatchObject([{ tells: 's' }]);
    expect(fold([firstToken]).requests).toMatchObject([{ tells: 'f' }]);
  });
  test('says of each call what was asked, by the event that says most, and how it ended', () => {
    const [change] = fold([end, firstToken, start]).requests;
    expect(change).toMatchObject({ asked: start.data, result: end.data, app: 'generator' });
    expect(fold([start, end]).apps).toEqual(['generator']);
    expect(fold([firstToken], { bits: 1 }).requests[0]?.asked).toBeUndefined();
    // Of a call of which only the first token was known the end says more.
    expect(fold([end], { bits: 2 }).requests[0]?.asked).toBe(end.data);
    expect(fold([end], { bits: 3 }).requests[0]?.asked).toBeUndefined();
    expect(fold([firstToken], { bits: 0 }).requests[0]?.asked).toBe(firstToken.data);
  });
  test('keeps the time to the first token, unless an end has said it', () => {
    const ttftOf = (events: RequestEvent[], prior?: Partial<Prior>) =>
      fold(events, prior).requests[0]?.set.ttftMs;
    const odd = { ...firstToken, data: { ...firstToken.data, ttftMs: 180.12345 } } as RequestEvent;
    const { ttftMs: _, ...silent } = end.data as { ttftMs?: number };
    const endWithout = { ...end, data: silent } as RequestEvent;
    expect(ttftOf([odd])).toBe(180.123);
    expect(ttftOf([odd], { bits: 1 })).toBe(180.123);
    expect(ttftOf([odd, end])).toBe(200);
    expect(ttftOf([odd, endWithout])).toBe(180.123);
    expect(ttftOf([odd], { bits: 5, ttftKnown: true })).toBeUndefined();
    expect(ttftOf([odd], { bits: 5, ttftKnown: false })).toBe(180.123);
    expect(ttftOf([odd], { bits: 1, ttftKnown: true })).toBe(180.123);
  });
  test('keeps calls without a host, and those of a demo, apart from others', () => {
    const { host: _, ...hostless } = start.data as { host?: string };
    const members = (data: unknown) =>
      new Set(fold([{ ...start, data } as RequestEvent]).rollups.map(({ member }) => member));
    const [plain] = members(start.data);
    const [unknown] = members(hostless);
    const [demo] = members({ ...start.data, demo: true });
    expect(parseRollupMember(plain!)).toMatchObject({ host: 'h', demo: false });
    expect(parseRollupMember(unknown!)).toMatchObject({ host: '', demo: false });
    expect(parseRollupMember(demo!)).toMatchObject({ host: 'h', demo: true });
  });
  test('counts all of it in the lifetime too, with what only that has', () => {
    const change = fold([start, firstToken, end]);
    const lifetimes = change.rollups.filter(({ bucket }) => bucket === LIFETIME);
    expect(lifetimes).toHaveLength(1);
    const { inputTokens, outputTokens, perToken, perTokenUs, ...rollup } = lifetimeOf(change);
    expect(rollup.counts).toEqual(totals(change));
    expect([...outputTokens]).toEqual([[4, 1]]);
    expect(inputTokens.size + perToken.size).toBeGreaterThan(0);
    expect(perTokenUs).toBeGreaterThan(0);
    expect(change.rollups.filter(({ fields }) => fields.has('o4'))).toEqual(lifetimes);
  });
  test('counts an event once that it holds several times', () => {
    expect(totals(fold([start, start, end, end, start]))).toMatchObject({
      started: 1,
      completed: 1,
    });
  });
  test('gives the same in any order', () => {
    const one = fold([start, firstToken, end]);
    expect(fold([end, firstToken, start])).toEqual(one);
    expect(fold([firstToken, end, start])).toEqual(one);
  });
  test('leaves out what was applied before', () => {
    const change = fold([start, end], { bits: 1 });
    expect(totals(change)).toMatchObject({ started: 0, completed: 1 });
    expect(change.requests).toMatchObject([{ mask: 4, expectedBits: 1 }]);
    expect(fold([start, end], { bits: 7 }).requests).toEqual([]);
    expect(fold([firstToken], { bits: 3 }).requests).toEqual([]);
    expect(fold([orphan], { bits: 9 }).requests).toEqual([]);
    expect(fold([firstToken, orphan], { bits: 1 }).requests).toMatchObject([{ mask: 10 }]);
  });
});

describe('an end that comes before its start', () => {
  test('counts the start provisionally, and the start then puts it right', () => {
    const early = fold([end], { bits: 0 });
    expect(buckets(early, 'n')).toEqual({ [-1]: 1 });
    const place = early.requests[0]?.set.provisionalStart;
    const late = fold([start], { bits: 4, provisionalStart: place, ttftKnown: true });
    expect(buckets(late, 'n')).toEqual({ [-1]: -1, 0: 1 });
    expect(totals(late)).toMatchObject({ started: 0, completed: 0 });
    expect(late.requests[0]?.set.startedAtMs).toBe(NOON);
    expect(late.requests[0]?.tells).toBe('');
  });
});

describe('an orphan', () => {
  test('counts as failed, where a late end takes it back', () => {
    const lost = fold([orphan]);
    expect(totals(lost)).toMatchObject({ failed: 1 });
    const { orphanedIn } = lost.requests[0]!.set;
    const late = fold([end], { bits: 9, orphanedIn, endedAtMs: orphan.atMs });
    expect(totals(late)).toMatchObject({ failed: -1, completed: 1 });
    expect(late.requests[0]).toMatchObject({
      formerEndedAtMs: orphan.atMs,
      unset: ['orphanedIn'],
    });
  });
  test('changes nothing after the end, or beside it', () => {
    expect(totals(fold([orphan], { bits: 5 }))).toMatchObject({ failed: 0 });
    expect(totals(fold([orphan, end], { bits: 1 }))).toMatchObject({ failed: 0, completed: 1 });
  });
});

test('loading a model is an event and no inference', () => {
  const load = { ...end, data: { ...end.data, operation: 'load' } } as RequestEvent;
  expect(totals(fold([start, load]))).toMatchObject({ completed: 1, inferences: 0, durationMs: 0 });
});
