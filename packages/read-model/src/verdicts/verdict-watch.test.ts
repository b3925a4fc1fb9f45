import type { Verdict } from '@llm-monitor/contracts/events';
import { BITS, type RequestRecord, type StoredProgress } from '@llm-monitor/contracts/redis';
import { describe, expect, test } from 'vitest';

import type { Baseline } from './baselines.ts';
import type { RunningCall } from './judge-running.ts';
import { createVerdictWatch, type Surroundings, type Verdicts } from './verdict-watch.ts';

const START_MS = 1_000_000;
const at = (seconds: number) => START_MS + seconds * 1000;
const isoAt = (seconds: number) => new Date(at(seconds)).toISOString();

function aCall(fields: Partial<RequestRecord> = {}, progress?: Partial<StoredProgress>) {
  const record: RequestRecord = {
    ...{ bits: BITS.start, id: 'request-1', app: 'shop', model: 'm', host: 'box' },
    ...{ startedAtMs: at(0), ...fields },
  };
  const told = { atMs: at(1), phase: 'generating', chunks: 1, chars: 4, ...progress };
  return { record, progress: progress && told } satisfies RunningCall;
}
/** It generates: its first token came after a second. */
const generating = (progress?: Partial<StoredProgress>, fields?: Partial<RequestRecord>) =>
  aCall({ bits: BITS.start | BITS.firstToken, ttftMs: 1000, ...fields }, progress);

function around(seconds: number, with_: { baseline?: Baseline } & Partial<Surroundings> = {}) {
  const { baseline = {}, ...rest } = with_;
  const surroundings: Surroundings = {
    nowMs: at(seconds),
    baselines: new Map([[':m', baseline]]),
    contextOf: () => undefined,
    beatAtMs: () => undefined,
    heardSinceMs: 0,
    ...rest,
  };
  return surroundings;
}
const of = (verdicts: Verdicts, id = 'request-1') => verdicts.get(`${id}:shop`) ?? [];
const kinds = (verdicts: readonly Verdict[]) => verdicts.map(({ kind }) => kind);

describe('stalled', () => {
  const baseline = { gapMs: 400 };
  test('a call is silent for fifty usual gaps, since its last token', () => {
    const watch = createVerdictWatch();
    const call = generating({ atMs: at(5), chunks: 10 });
    expect(of(watch.look([call], around(24.9, { baseline })))).toEqual([]);
    expect(of(watch.look([call], around(25, { baseline })))).toEqual([
      { kind: 'stalled', since: isoAt(5), reason: { usualGapSeconds: 0.4, limitSeconds: 20 } },
    ]);
  });
  test('a fast model may pause for ten seconds', () => {
    const watch = createVerdictWatch();
    const call = generating({ atMs: at(5), chunks: 10 });
    const fast = { baseline: { gapMs: 10 } };
    expect(of(watch.look([call], around(14.9, fast)))).toEqual([]);
    expect(kinds(of(watch.look([call], around(15, fast))))).toEqual(['stalled']);
  });
  test('a token ends it', () => {
    const watch = createVerdictWatch();
    const silent = generating({ atMs: at(5), chunks: 10 });
    expect(of(watch.look([silent], around(60, { baseline })))).toHaveLength(1);
    const again = generating({ atMs: at(61), chunks: 11 });
    expect(of(watch.look([again], around(62, { baseline })))).toEqual([]);
  });
  test('what is loaded, read or not streamed does not stall, however long it takes', () => {
    for (const phase of ['waiting', 'queued', 'loading', 'prompt']) {
      const call = aCall({}, { atMs: at(1), phase, chunks: 0 });
      const verdicts = of(createVerdictWatch().look([call], around(600, { baseline })));
      expect(kinds(verdicts)).not.toContain('stalled');
    }
    const unstreamed = aCall({ stream: false });
    expect(of(createVerdictWatch().look([unstreamed], around(600, { baseline })))).toEqual([]);
  });
  test('of an app that is not heard, or while nothing was heard, silence says nothing', () => {
    const call = generating({ atMs: at(5), chunks: 10 });
    const look = (rest: Partial<Surroundings>) =>
      of(createVerdictWatch().look([call], around(60, { baseline, ...rest })));
    expect(look({ beatAtMs: () => at(4) })).toEqual([]);
    expect(look({ beatAtMs: () => at(34) })).toEqual([]);
    expect(kinds(look({ beatAtMs: () => at(36) }))).toEqual(['stalled']);
    expect(look({ heardSinceMs: at(45) })).toEqual([]);
    expect(look({ heardSinceMs: at(39) })).toMatchObject([{ kind: 'stalled', since: isoAt(39) }]);
  });
  test('a call with tools may be silent for a minute: servers hold a tool call back', () => {
    const call = generating({ atMs: at(5), chunks: 10 }, { toolNames: ['search'] });
    const watch = createVerdictWatch();
    expect(of(watch.look([call], around(64, { baseline })))).toEqual([]);
    expect(kinds(of(watch.look([call], around(65, { baseline }))))).toEqual(['stalled']);
  });
  test('of a model that nobody knows, the pace of the call itself counts, else half a minute', () => {
    const slow = generating({ atMs: at(101), chunks: 50 });
    expect(of(createVerdictWatch().look([slow], around(190)))).toEqual([]);
    expect(of(createVerdictWatch().look([slow], around(201)))).toMatchObject([
      { reason: { usualGapSeconds: 2, limitSeconds: 100 } },
    ]);
    const unknown = generating({ atMs: at(2), chunks: 3 });
    expect(of(createVerdictWatch().look([unknown], around(31)))).toEqual([]);
    expect(of(createVerdictWatch().look([unknown], around(32)))).toMatchObject([
      { reason: { limitSeconds: 30 } },
    ]);
  });
  test('whoever takes over goes on from what was known', () => {
    const call = generating();
    const first = createVerdictWatch();
    first.look([generating({ atMs: at(5), chunks: 9 })], around(6, { baseline }));
    const known = first.look([call], around(80, { baseline }));
    const taken = createVerdictWatch(known).look([call], around(82, { baseline }));
    expect(of(taken)).toEqual(of(known));
    expect(of(taken)[0]?.since).toBe(isoAt(5));
  });
});

describe('looping', () => {
  test('the client says that it repeats itself; since is kept while the count grows', () => {
    const watch = createVerdictWatch();
    const look = (seconds: number, repeating?: { period: number; times: number }) =>
      of(
        watch.look(
          [generating({ atMs: at(seconds), chunks: seconds, ...(repeating ? { repeating } : {}) })],
          around(seconds),
        ),
      );
    expect(look(10)).toEqual([]);
    look(11, { period: 40, times: 12 });
    expect(look(15, { period: 40, times: 30 })).toEqual([
      { kind: 'looping', since: isoAt(11), reason: { period: 40, times: 30 } },
    ]);
    expect(look(16)).toEqual([]);
  });
});

describe('runaway', () => {
  const look = (chunks: number, rest: Parameters<typeof around>[1], fields = {}) =>
    of(createVerdictWatch().look([generating({ atMs: at(9), chunks }, fields)], around(9, rest)));
  test('three times the usual length, and at least 500 more', () => {
    const baseline = { outputTokens: 400 };
    expect(look(1200, { baseline })).toEqual([]);
    expect(look(1201, { baseline })).toEqual([
      { kind: 'runaway', since: isoAt(9), reason: { tokens: 1201, usualTokens: 400 } },
    ]);
    expect(look(500, { baseline: { outputTokens: 20 } })).toEqual([]);
  });
  test('a limit of the call that it has passed, with some room as chunks are not quite tokens', () => {
    const parameters = { maxTokens: 100 };
    expect(look(111, {}, { parameters })).toEqual([]);
    expect(look(112, {}, { parameters })).toMatchObject([{ reason: { maxTokens: 100 } }]);
    expect(look(5000, {}, { parameters: { maxTokens: -1 } })).toEqual([]);
  });
  test('a context that it has filled by itself', () => {
    expect(look(4095, { contextOf: () => 4096 })).toEqual([]);
    expect(look(4096, { contextOf: () => 4096 })).toMatchObject([
      { reason: { tokens: 4096, contextTokens: 4096 } },
    ]);
  });
  test('it keeps the figures of the moment at which it was seen', () => {
    const watch = createVerdictWatch();
    const rest = { baseline: { outputTokens: 100 } };
    const first = watch.look([generating({ atMs: at(9), chunks: 700 })], around(9, rest));
    const second = watch.look([generating({ atMs: at(19), chunks: 1700 })], around(19, rest));
    expect(of(second)).toEqual(of(first));
  });
});

describe('queued and loading', () => {
  const holder = generating({}, { id: 'holder', startedAtMs: at(-30) });
  const other = aCall({ id: 'queued-0', startedAtMs: at(-10) }, { phase: 'queued', chunks: 0 });
  const mine = aCall({}, { phase: 'queued', chunks: 0 });
  test('who holds the slot, and how many are ahead', () => {
    const verdicts = createVerdictWatch().look([holder, other, mine], around(4));
    expect(of(verdicts)).toEqual([
      {
        kind: 'queued',
        since: isoAt(0),
        reason: { ahead: 2, behind: [{ id: 'holder', app: 'shop' }] },
      },
    ]);
    expect(of(verdicts, 'holder')).toEqual([]);
  });
  test.each([
    ['another model', { model: 'other' }],
    ['another machine', { host: 'elsewhere' }],
    ['another server', { serverAddress: '10.0.0.9' }],
  ])('calls of %s are not in the way', (_, fields) => {
    const far = { ...holder, record: { ...holder.record, ...fields } };
    expect(of(createVerdictWatch().look([far, mine], around(60)))).toEqual([]);
  });
  test('a proxy on the same machine and a name with :latest are the same server and model', () => {
    const near = { serverAddress: '127.0.0.1', serverPort: 11_435, model: 'm:latest' };
    const same = { ...holder, record: { ...holder.record, ...near } };
    expect(kinds(of(createVerdictWatch().look([same, mine], around(60))))).toEqual(['queued']);
  });
  test('a short wait, or one of which nobody says that it is a queue, says nothing', () => {
    expect(of(createVerdictWatch().look([holder, mine], around(1.9)))).toEqual([]);
    expect(of(createVerdictWatch().look([holder, aCall()], around(60)))).toEqual([]);
  });
  test('a load is told after two seconds, since it was seen, with the usual time', () => {
    const call = aCall({}, { atMs: at(3), phase: 'loading', chunks: 0 });
    const watch = createVerdictWatch();
    const rest = { baseline: { loadMs: 8123 } };
    expect(of(watch.look([call], around(4, rest)))).toEqual([]);
    const later = aCall({}, { atMs: at(9), phase: 'loading', chunks: 0 });
    expect(of(watch.look([later], around(9, rest)))).toEqual([
      { kind: 'loading', since: isoAt(3), reason: { usualSeconds: 8.1 } },
    ]);
    expect(of(watch.look([generating()], around(10, rest)))).toEqual([]);
  });
});

describe('a call whose progress nobody kept', () => {
  const baseline = { gapMs: 400 };
  test('was last heard of with its first token', () => {
    const call = generating();
    const look = (seconds: number) =>
      of(createVerdictWatch().look([call], around(seconds, { baseline })));
    expect(look(20.9)).toEqual([]);
    expect(look(21)).toMatchObject([{ kind: 'stalled', since: isoAt(1) }]);
  });
  test('was heard of as long ago as progress is kept, where its first token is older', () => {
    const look = of(createVerdictWatch().look([generating()], around(600, { baseline })));
    expect(look).toMatchObject([{ kind: 'stalled', since: isoAt(570) }]);
  });
  test('is silent since whoever judged before said so, and no verdict of another kind counts', () => {
    const stalled = { kind: 'stalled', since: isoAt(100), reason: { limitSeconds: 20 } } as const;
    const looping = { kind: 'looping', since: isoAt(5), reason: { period: 1, times: 9 } } as const;
    const known = new Map([['request-1:shop', [looping, stalled]]]);
    const look = of(createVerdictWatch(known).look([generating()], around(600, { baseline })));
    expect(look).toMatchObject([{ kind: 'stalled', since: isoAt(100) }]);
    const { startedAtMs: _, ...record } = generating().record;
    const timeless = { record, progress: undefined };
    expect(of(createVerdictWatch().look([timeless], around(600, { baseline })))).toEqual([]);
  });
});

test('of a queue the length is told, and who holds the first slots', () => {
  const holders = Array.from({ length: 7 }, (_, n) =>
    generating({ chunks: 1 }, { id: `holder-${n}`, startedAtMs: at(-n) }),
  );
  const waiting = aCall({ startedAtMs: at(1) }, { phase: 'queued', chunks: 0 });
  const [verdict] = of(createVerdictWatch().look([...holders, waiting], around(4)));
  expect(verdict).toMatchObject({ kind: 'queued', reason: { ahead: 7 } });
  expect(verdict?.kind === 'queued' && verdict.reason.behind).toHaveLength(5);
});
