import type { RequestEndedData } from '@llm-monitor/contracts/events';
import { MAX_EVENT_BYTES } from '@llm-monitor/contracts/wire';
import { expect, test } from 'vitest';

import type { CallContext } from './call-context.ts';
import type { CallIdentity } from './call-identity.ts';
import { createCallTracker } from './call-tracker.ts';
import type { RequestMessage } from './request-message.ts';

function track(
  context: Partial<CallContext> = {},
  identity: Partial<CallIdentity> = {},
  onRetryable?: (logicalId: string) => void,
) {
  const messages: RequestMessage[] = [];
  const progress: string[] = [];
  const tracker = createCallTracker(
    { wallMs: Date.parse('2026-01-01T00:00:00Z'), atMs: 1000 },
    { requestId: 'request-1', ...identity },
    {
      ...{ app: 'app', instance: 'i', host: 'h', demo: false, tags: [], redact: undefined },
      capture: 'preview',
      publish: (message) => void messages.push(message),
      publishProgress: ({ payload }) => void progress.push(payload),
      ...context,
    },
    onRetryable,
  );
  const ended = () =>
    JSON.parse(messages.at(-1)?.payload ?? '{}') as { time: string; data: RequestEndedData };
  return { tracker, messages, progress, ended };
}

const describe = () => ({
  provider: 'ollama',
  model: 'm',
  operation: 'chat',
  stream: true,
  promptText: 'Why?',
});

test('a call has one start, one first token and one end, however often it is told', () => {
  const { tracker, messages, ended } = track();
  tracker.start(describe);
  tracker.output({ chars: 3, text: 'one' }, 1200);
  tracker.output({ chars: 4, text: ' two' }, 1300);
  tracker.end({ outcome: 'error', error: { type: 'TypeError', message: 'reset' }, atMs: 1500 });
  tracker.end({ outcome: 'cancelled', atMs: 1600 });
  tracker.output({ chars: 1 }, 1700);
  expect(messages.map((message) => message.mark)).toEqual(['start', 'first-token', 'end']);
  expect(ended().time).toBe('2026-01-01T00:00:00.500Z');
  expect(ended().data).toMatchObject({
    outcome: 'error',
    durationMs: 500,
    ttftMs: 200,
    chunks: 2,
    outputChars: 7,
    responsePreview: 'one two',
    promptPreview: 'Why?',
    usage: { outputTokens: 2, source: 'estimate' },
  });
});

test('runs from its start to its end; what comes before or after changes nothing', () => {
  const { tracker, messages, progress } = track();
  tracker.output({ chars: 3, text: 'one' }, 1100);
  tracker.end({ outcome: 'completed', atMs: 1100 });
  expect([tracker.isRunning(), messages]).toEqual([false, []]);
  tracker.start(() => undefined);
  expect([tracker.isRunning(), messages]).toEqual([false, []]);
  tracker.start(describe);
  expect(tracker.isRunning()).toBe(true);
  tracker.output({ chars: 3, text: 'one' }, 1200);
  tracker.end({ outcome: 'completed', atMs: 1300 });
  expect(tracker.isRunning()).toBe(false);
  tracker.progress(9000);
  expect([messages.length, progress]).toEqual([3, []]);
});

test('only as much of the answer is kept as is told of it', () => {
  const { tracker, ended } = track({ redact: (text) => `${text.length}` });
  tracker.start(describe);
  for (let n = 0; n < 9; n++) tracker.output({ chars: 100, text: 'x'.repeat(100) }, 1200 + n);
  tracker.end({ outcome: 'completed', atMs: 1300 });
  expect(Number(ended().data.responsePreview)).toBeLessThanOrEqual(401);
  expect(ended().data.outputChars).toBe(900);
});

test.each([
  ['error', undefined, true],
  ['error', 500, true],
  ['error', 503, true],
  ['error', 429, true],
  ['error', 408, true],
  ['error', 400, false],
  ['error', 404, false],
  ['timeout', undefined, true],
  ['cancelled', undefined, false],
  ['completed', undefined, false],
] as const)('%s with status %s is worth another attempt: %s', (outcome, status, isWorth) => {
  const retried: string[] = [];
  const ends = [{}, { logicalId: 'first-try' }].map((identity) => {
    const { tracker, ended } = track({}, identity, (logicalId) => void retried.push(logicalId));
    tracker.start(describe);
    const error = { type: 'E', message: '', ...(status === undefined ? {} : { status }) };
    tracker.end({ outcome, atMs: 1300, ...(outcome === 'error' ? { error } : {}) });
    return ended().data.logicalId;
  });
  // Both attempts say whose they are.
  expect(retried).toEqual(isWorth ? ['request-1', 'first-try'] : []);
  expect(ends).toEqual([isWorth ? 'request-1' : undefined, 'first-try']);
});

test('without streaming there is no first token and no count of chunks', () => {
  const { tracker, messages, ended } = track();
  tracker.start(() => ({ ...describe(), stream: false }));
  tracker.output({ chars: 3, text: 'one' }, 1200);
  tracker.end({ outcome: 'completed', atMs: 1200, outputTokens: 7 });
  expect(messages.map((message) => message.mark)).toEqual(['start', 'end']);
  expect(ended().data.chunks).toBeUndefined();
  expect(ended().data.usage).toEqual({ outputTokens: 7, source: 'server' });
});

test('progress comes at most every quarter of a second and only once there is some', () => {
  const { tracker, progress } = track();
  tracker.start(describe);
  tracker.progress(2000);
  for (let atMs = 2000; atMs < 4000; atMs += 10) {
    tracker.output({ chars: 1 }, atMs);
    tracker.progress(atMs);
  }
  expect(progress).toHaveLength(7);
  expect(JSON.parse(progress.at(-1) ?? '')).toMatchObject({
    data: { phase: 'generating', chunks: 176, chars: 176, tokensPerSecond: 100 },
  });
});

test('an event stays below the limit of the bus, however its text is escaped', () => {
  const { tracker, messages, ended } = track({ capture: 'full' }, { logicalId: 'first-try' });
  tracker.start(() => ({ ...describe(), promptText: '\u0001'.repeat(24 * 1024) }));
  tracker.output({ chars: 24 * 1024, text: '"'.repeat(24 * 1024) }, 1200);
  tracker.end({ outcome: 'completed', atMs: 1300 });
  for (const { payload } of messages) {
    expect(Buffer.byteLength(payload)).toBeLessThanOrEqual(MAX_EVENT_BYTES);
  }
  expect(ended().data.response).toHaveLength(24 * 1024);
  expect(ended().data).not.toHaveProperty('prompt');
  // Nothing else is lost with it.
  expect(ended().data).toMatchObject({ logicalId: 'first-try', promptTruncated: false });
});

test('progress says that the output repeats itself, in numbers only, also when no text may leave the app', () => {
  const { tracker, progress, messages } = track({ capture: 'off' });
  tracker.start(describe);
  for (let n = 0; n < 200; n++) {
    tracker.output({ chars: 26, thinking: 'The user asks me to think.' }, 2000 + n * 100);
    tracker.progress(2000 + n * 100);
  }
  const last = JSON.parse(progress.at(-1) ?? '') as { data: { repeating?: object } };
  expect(last.data.repeating).toEqual({ period: 26, times: expect.any(Number) as number });
  expect([...progress, ...messages.map(({ payload }) => payload)].join()).not.toContain('think.');
  expect(progress[0]).not.toContain('repeating');
});

test('what a program in JavaScript takes for true is told as true, since an event with anything else is refused', () => {
  const { tracker, messages, ended } = track({ demo: 1 as unknown as boolean });
  tracker.start(describe);
  tracker.output({ chars: 1 }, 1200);
  tracker.end({ outcome: 'completed', atMs: 1300 });
  expect(messages.every(({ payload }) => payload.includes('"demo":true'))).toBe(true);
  expect(ended().data.demo).toBe(true);
});
