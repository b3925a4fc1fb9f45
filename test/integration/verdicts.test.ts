import { createMonitor, type Monitor } from '@llm-monitor/client';
import { Ollama } from '@llm-monitor/client/ollama';
import type { Verdict, VerdictData, VerdictKind } from '@llm-monitor/contracts/events';
import { createKeys } from '@llm-monitor/contracts/redis';
import type { LiveOp } from '@llm-monitor/contracts/live';
import type { ActiveRequest, AnyRequest } from '@llm-monitor/contracts/rest';
import type { ReceivedRequest, Script } from '@llm-monitor/fake-ollama';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { startFakeOllama, type RunningFakeOllama } from '../helpers/fake-ollama.ts';
import { holdToDocument, type HeldToDocument } from '../helpers/hold-to-document.ts';
import { startLiveClient, type LiveClient } from '../helpers/live-client.ts';
import { startAgent } from '../helpers/start-agent.ts';
import { startService, type Service } from '../helpers/start-service.ts';
import { startStack, type Stack } from '../helpers/start-stack.ts';
import { waitFor } from '../helpers/wait-for.ts';

const PATIENCE = { timeoutMs: 60_000 };

describe('verdicts on the calls of a real client', () => {
  let stack: Stack;
  let server: RunningFakeOllama;
  let monitor: Monitor;
  let bus: NatsConnection;
  let held: HeldToDocument;
  let browser: LiveClient;
  let redis: Redis;
  const services: Service[] = [];
  const told: { subject: string; data: VerdictData }[] = [];
  const calls = new Map<string, { abort(): void; done: Promise<void> }>();

  /** Each model behaves in its own way. */
  const never = new Promise(() => undefined);
  const respond = ({ body, text }: ReceivedRequest): Script => {
    const model = String(body?.['model']);
    if (text.includes('warm up')) return { tokenDelayMs: 10 };
    if (model === 'staller') return { fault: { kind: 'hang', afterLines: 3 } };
    if (model === 'looper') {
      const content = Array.from({ length: 20_000 }, () => 'I am sorry, I cannot help. ');
      return { content, tokenDelayMs: 5 };
    }
    if (model === 'cutter') return { final: { prompt_eval_count: 4000 } };
    if (model === 'loader') return { loaded: never, after: never };
    if (text.includes('in line')) return { after: never };
    return { fault: { kind: 'hang', afterLines: 1 } };
  };
  const begin = (name: string, model: string, content = 'Why?', numCtx?: number) => {
    const ollama = new Ollama({ host: server.url, monitor });
    const options = numCtx === undefined ? {} : { options: { num_ctx: numCtx } };
    const messages = [{ role: 'user', content }];
    const done = (async () => {
      try {
        const parts = await ollama.chat({ model, messages, stream: true, ...options });
        for await (const part of parts) void part;
      } catch {
        // Aborted by the test.
      }
    })();
    calls.set(name, { abort: () => ollama.abort(), done });
  };
  const read = async <T>(path: string): Promise<T> =>
    (await (await fetch(`${stack.web.url}${path}`)).json()) as T;
  const runningOf = async (model: string) =>
    (await read<ActiveRequest[]>('/api/active')).filter((call) => call.model === model);
  const verdictOn = (model: string, kind: VerdictKind) =>
    waitFor(
      `${model} to be called ${kind}`,
      async () => {
        const found = (await runningOf(model)).flatMap((call) =>
          (call.verdicts ?? []).map((verdict) => ({ call, verdict })),
        );
        return found.find(({ verdict }) => verdict.kind === kind);
      },
      PATIENCE,
    );
  const event = (what: 'raised' | 'cleared', model: string, kind: VerdictKind) =>
    waitFor(
      `${kind} of ${model} to be ${what}`,
      () =>
        told.find(
          ({ subject, data }) =>
            subject === `llm.verdict.${what}.writer.${model}` && data.verdict.kind === kind,
        )?.data,
      PATIENCE,
    );

  beforeAll(async () => {
    stack = await startStack();
    const env = { NATS_URL: stack.nats.url, REDIS_URL: stack.redis.url };
    redis = new Redis(stack.redis.url);
    const often = { ...env, VERDICT_EVERY_MS: '200', ALERT_EVERY_MS: '500' };
    server = await startFakeOllama({ respond });
    const agent = {
      OLLAMA_URL: server.url,
      ...{ SAMPLE_INTERVAL_MS: '200', IDLE_SAMPLE_INTERVAL_MS: '200' },
    };
    monitor = createMonitor({ natsUrl: stack.nats.url, app: 'writer', capture: 'off' });
    // By these the pace of the model is known.
    for (let n = 0; n < 5; n++) begin(`warm ${n}`, 'staller', 'warm up');
    await Promise.all([...calls.values()].map(({ done }) => done));
    await waitFor('the first calls to be kept', async () => {
      return (await read<AnyRequest[]>('/api/requests')).length === 5;
    });
    services.push(
      ...(await Promise.all([
        startService('alerts', often, { until: 'ready' }),
        startService('alerts', often, { until: 'ready' }),
        startAgent(stack.nats.url, agent),
      ])),
    );
    bus = await connect({ servers: stack.nats.url });
    held = holdToDocument(bus);
    bus.subscribe('llm.verdict.>', {
      callback: (_, message) =>
        void told.push({
          subject: message.subject,
          data: message.json<{ data: VerdictData }>().data,
        }),
    });
    await bus.flush();
    browser = await startLiveClient(stack.web.url);
    // In this order: the second of the same model queues behind the first.
    for (const model of ['staller', 'looper', 'loader', 'holder']) begin(model, model);
    await verdictOn('looper', 'looping');
    begin('queuer', 'holder', 'I stand in line');
    // Far more than fits.
    begin('cutter', 'cutter', 'All of it matters. '.repeat(2500), 4096);
  }, 120_000);
  afterAll(async () => {
    for (const call of calls.values()) call.abort();
    browser?.close();
    redis?.disconnect();
    await monitor?.close();
    await bus?.close();
    await Promise.all(services.map((service) => service.stop()));
    await server?.close();
    await stack?.stop();
  });

  test('a call whose model says the same for ever is looping, as its client counts, in numbers alone', async () => {
    const { verdict } = await verdictOn('looper', 'looping');
    const { period, times } = (verdict as Extract<Verdict, { kind: 'looping' }>).reason;
    expect(period).toBe(27);
    expect(times).toBeGreaterThanOrEqual(4);
    expect(await event('raised', 'looper', 'looping')).toMatchObject({ app: 'writer' });
    const { alertStates } = createKeys({ shards: 1 }).global;
    const alert = await waitFor('the ready rule to notice', async () =>
      (await redis.hvals(alertStates)).find((text) => text.includes('calls-looping')),
    );
    expect(alert).toContain('looper');
  });

  test('a call that has waited for its model to be loaded says so', async () => {
    const { call } = await verdictOn('loader', 'loading');
    expect(call.phase).toBe('loading');
  });

  test('a call that queues names the one that holds the slot', async () => {
    const { call, verdict } = await verdictOn('holder', 'queued');
    const holder = (await runningOf('holder')).find(({ id }) => id !== call.id);
    expect(verdict).toMatchObject({
      reason: { ahead: 1, behind: [{ id: holder?.id, app: 'writer' }] },
    });
  });

  test('a prompt that was far longer than what was read of it is possibly cut, and stays so in the history', async () => {
    const { requestId } = await event('raised', 'cutter', 'truncated');
    const ended = await waitFor('the verdict to be kept', async () => {
      const call = await read<AnyRequest>(`/api/requests/${requestId}`);
      return call.verdicts && call;
    });
    expect(ended.verdicts).toMatchObject([
      { kind: 'truncated', reason: { countedTokens: 4000, contextTokens: 4096 } },
    ]);
    const kept = await read<AnyRequest[]>('/api/requests?limit=50');
    expect(kept.find(({ id }) => id === requestId)?.verdicts).toEqual(ended.verdicts);
  });

  test('a stream that stands still is stalled since its last token; the browser is told and so is a new one', async () => {
    const { call, verdict } = await verdictOn('staller', 'stalled');
    const firstTokenMs = Date.parse(call.started_at) + (call.time_to_first_token ?? 0) * 1000;
    expect(Date.parse(verdict.since) - firstTokenMs).toBeLessThan(2000);
    const { reason } = verdict as Extract<Verdict, { kind: 'stalled' }>;
    expect(reason.limitSeconds).toBe(10);
    expect(reason.usualGapSeconds).toBeGreaterThan(0);
    const key = `${call.id}:${call.app}`;
    const ofStaller = (op: LiveOp) =>
      op[0] === 'verdicts' &&
      op[1].some(([of, [first]]) => of === key && first?.kind === 'stalled');
    await waitFor('the browser to be told', () =>
      browser.frames.some(({ ops }) => ops.some(ofStaller)),
    );
    const another = await startLiveClient(stack.web.url);
    const shown = another.snapshots[0]?.active.find(({ id }) => id === call.id);
    another.close();
    expect(shown?.verdicts).toEqual([verdict]);
  });

  test('what was found is said again when the store has lost it', async () => {
    const { verdicts } = createKeys({ shards: 1 }).global;
    const before = Object.keys(await redis.hgetall(verdicts)).sort();
    expect(before).toHaveLength(4);
    await redis.del(verdicts);
    const again = async () => Object.keys(await redis.hgetall(verdicts)).sort();
    await waitFor('all of it', async () => (await again()).join() === before.join());
    expect(await redis.pttl(verdicts)).toBeGreaterThan(0);
  });

  test('when the calls end their verdicts are cleared, and the history keeps how they were', async () => {
    const [staller] = await runningOf('staller');
    for (const name of ['staller', 'looper', 'holder', 'queuer']) calls.get(name)?.abort();
    expect(await event('cleared', 'staller', 'stalled')).toMatchObject({ cleared: 'ended' });
    expect(await event('cleared', 'holder', 'queued')).toBeDefined();
    const ended = await waitFor('the verdict to be kept', async () => {
      const call = await read<AnyRequest>(`/api/requests/${staller?.id}`);
      return call.status === 'cancelled' && call.verdicts && call;
    });
    expect(ended.verdicts).toMatchObject([{ kind: 'stalled' }]);
    await waitFor('no verdict to be left but of what still loads', async () => {
      const left = (await read<ActiveRequest[]>('/api/active')).flatMap(
        (call) => call.verdicts ?? [],
      );
      return left.every(({ kind }) => kind === 'loading');
    });
  });

  test('two replicas of the alerts tell each verdict once', () => {
    const ids = told.map(
      ({ subject, data }) =>
        `${subject} ${data.requestId} ${data.verdict.kind} ${data.verdict.since}`,
    );
    expect(ids.length).toBeGreaterThan(5);
    expect(new Set(ids).size).toBe(ids.length);
  });

  test('all that was said on the bus is what the published document says', () => {
    expect(held.problems).toEqual([]);
    expect([...held.seen]).toEqual(expect.arrayContaining(['verdictRaised', 'verdictCleared']));
  });
});
