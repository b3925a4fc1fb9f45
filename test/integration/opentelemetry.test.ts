import { CONNECTOR_CONSUMER, STREAMS } from '@llm-monitor/contracts/bus';
import { GEN_AI_METRICS } from '@llm-monitor/contracts/stats';
import { jetstreamManager } from '@nats-io/jetstream';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import { generate } from 'selfsigned';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';

import { aCall } from '../helpers/an-event.ts';
import {
  partialSuccess,
  startOtlpReceiver,
  type OtlpReceiver,
  type ReceivedSpan,
} from '../helpers/otlp/otlp-receiver.ts';
import { publish } from '../helpers/publish.ts';
import { startNats, type NatsServer } from '../helpers/start-nats.ts';
import { startRedis, type RedisServer } from '../helpers/start-redis.ts';
import { startService, type Service } from '../helpers/start-service.ts';
import { waitFor } from '../helpers/wait-for.ts';

const CLIENT_KIND = 3;
const ERROR = 2;

describe('the OpenTelemetry connector', () => {
  let nats: NatsServer;
  let redis: RedisServer;
  let collector: Service;
  let bus: NatsConnection;
  let receiver: OtlpReceiver;
  let connectors: Service | undefined;

  beforeAll(async () => {
    [nats, redis, receiver] = await Promise.all([startNats(), startRedis(), startOtlpReceiver()]);
    const env = { NATS_URL: nats.url, REDIS_URL: redis.url };
    collector = await startService('collector', env, { until: 'ready' });
    bus = await connect({ servers: nats.url });
  });
  afterAll(async () => {
    await bus.close();
    await Promise.all([collector.stop(), receiver.close()]);
    await Promise.all([nats.stop(), redis.stop()]);
  });
  afterEach(async () => {
    receiver.behave = undefined;
    await connectors?.stop();
    connectors = undefined;
  });

  const start = async (env: Record<string, string> = {}) => {
    connectors = await startService(
      'connectors',
      {
        ...{ NATS_URL: nats.url, OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url, LOG_LEVEL: 'info' },
        ACK_WAIT_MS: '2000',
        ...env,
      },
      { until: 'ready' },
    );
    return connectors;
  };
  const spanOf = (id: string) =>
    receiver.spans.find(({ attributes }) => attributes['llm_monitor.request.id'] === id);
  const whenSent = (id: string) => waitFor('the span', () => spanOf(id));
  const ready = async () => await (await fetch(`${connectors?.url}/ready`)).text();
  const waiting = async () => {
    const manager = await jetstreamManager(bus);
    const info = await manager.consumers.info(STREAMS.requests, CONNECTOR_CONSUMER);
    return info.num_pending + info.num_ack_pending;
  };
  const whenAllAcknowledged = () =>
    waitFor('everything to be acknowledged', async () => (await waiting()) === 0);

  test.each([
    { protocol: 'http/protobuf', compression: 'gzip', type: 'application/x-protobuf' },
    { protocol: 'http/json', compression: 'none', type: 'application/json' },
  ])(
    'sends spans and metrics of ended calls as $protocol',
    async ({ protocol, compression, type }) => {
      const startedAt = new Date(Date.now() - 60_000);
      const app = `shop-${protocol.slice(5)}`;
      const call = aCall({ app, model: 'llama3.2', startedAt });
      const parent = `00-${'a1'.repeat(16)}-${'b2'.repeat(8)}-01`;
      const failed = aCall({ app, startedAt });
      const demo = aCall({ app, demo: true });
      await publish(bus, [
        ...[call.started(), call.firstToken(250.5)],
        call.completed({
          ...{ durationMs: 1234.5, ttftMs: 250.5, traceparent: parent, finishReason: 'stop' },
          ...{ serverAddress: '127.0.0.1', serverPort: 11_434, sessionId: 'session-1' },
          ...{ promptPreview: 'Why is the sky blue?', responsePreview: 'Rayleigh.' },
          ...{ parameters: { temperature: 0.2, maxTokens: 100 }, tags: ['nightly', 'b'] },
        }),
        failed.failed({ durationMs: 50 }),
        aCall({ app }).cancelled({ cancelledBy: 'dashboard', durationMs: 500 }),
        demo.completed(),
        aCall({ app }).completed({ operation: 'load', durationMs: 9000 }),
      ]);
      await start({
        ...{ OTEL_EXPORTER_OTLP_PROTOCOL: protocol, OTEL_EXPORTER_OTLP_COMPRESSION: compression },
        OTEL_EXPORTER_OTLP_HEADERS: 'x-api-key=secret%20key',
        OTEL_RESOURCE_ATTRIBUTES: 'deployment.environment=test',
      });
      expect(await whenSent(call.id)).toEqual({
        resource: {
          ...{ 'service.name': app, 'deployment.environment': 'test' },
          'service.instance.id': expect.any(String),
        },
        ...{ name: 'chat llama3.2', kind: CLIENT_KIND, traceId: 'a1'.repeat(16) },
        ...{ parentSpanId: 'b2'.repeat(8), spanId: expect.stringMatching(/^[\da-f]{16}$/) },
        ...{ startMs: startedAt.getTime(), endMs: startedAt.getTime() + 1234.5 },
        status: { code: 0, message: '' },
        events: [{ name: 'gen_ai.first_token', atMs: startedAt.getTime() + 250.5 }],
        attributes: {
          ...{ 'gen_ai.operation.name': 'chat', 'gen_ai.provider.name': 'ollama' },
          ...{ 'gen_ai.request.model': 'llama3.2', 'gen_ai.request.temperature': 0.2 },
          ...{ 'gen_ai.request.max_tokens': 100, 'gen_ai.response.finish_reasons': ['stop'] },
          ...{ 'gen_ai.usage.input_tokens': 10, 'gen_ai.usage.output_tokens': 20 },
          ...{ 'gen_ai.conversation.id': 'session-1', 'host.name': 'test-host' },
          ...{ 'server.address': '127.0.0.1', 'server.port': 11_434 },
          ...{ 'llm_monitor.app': app, 'llm_monitor.request.id': call.id },
          ...{ 'llm_monitor.outcome': 'completed', 'llm_monitor.usage.source': 'server' },
          'llm_monitor.tags': ['nightly', 'b'],
        },
      } satisfies ReceivedSpan);
      expect(await whenSent(failed.id)).toMatchObject({
        ...{ parentSpanId: undefined, status: { code: ERROR, message: 'model not found' } },
        attributes: { 'error.type': 'ResponseError', 'http.response.status_code': 404 },
      });
      await whenAllAcknowledged();
      expect(spanOf(demo.id)).toBeUndefined();
      const points = receiver.points().filter(({ resource }) => resource['service.name'] === app);
      const durations = points.filter(({ metric }) => metric === GEN_AI_METRICS.duration.name);
      expect(durations.map(({ count, sum }) => [count, sum])).toEqual(
        expect.arrayContaining([
          [1, 1.2345],
          [1, 0.05],
          [1, 0.5],
        ]),
      );
      expect(durations).toHaveLength(3);
      expect(durations[0]).toMatchObject({ unit: 's', isCumulative: true });
      const tokens = points.filter(({ metric }) => metric === GEN_AI_METRICS.tokens.name);
      expect(tokens.map(({ attributes, sum }) => [attributes['gen_ai.token.type'], sum])).toEqual([
        ['input', 10],
        ['output', 20],
      ]);
      const [first] = points.filter(
        ({ metric }) => metric === GEN_AI_METRICS.timeToFirstToken.name,
      );
      expect(first).toMatchObject({ count: 1, sum: 0.2505 });
      expect(first?.bounds).toEqual(GEN_AI_METRICS.timeToFirstToken.bounds);
      expect(first?.buckets[first.bounds.indexOf(0.5)]).toBe(1);
      const last = receiver.requests.at(-1);
      expect(last?.headers).toMatchObject({ 'content-type': type, 'x-api-key': 'secret key' });
      expect(JSON.stringify(receiver.spans)).not.toContain('Rayleigh');
      expect(connectors?.output()).not.toContain('secret');
    },
  );

  test('keeps what a collector does not take, over its own end, and sends it later once', async () => {
    receiver.behave = () => ({ status: 503, headers: { 'retry-after': '1' }, body: 'full' });
    const calls = Array.from({ length: 600 }, () => aCall({ app: 'patient' }));
    await publish(
      bus,
      calls.map((call) => call.completed()),
    );
    await start();
    await waitFor('trouble to be told', async () =>
      (await ready()).includes('it answers 503: full'),
    );
    expect(await waiting()).toBe(600);
    // As a power cut would.
    await connectors?.stop('SIGKILL');
    expect(await waiting()).toBe(600);
    receiver.behave = () => ({ status: 429, headers: { 'retry-after': '1' } });
    await start();
    await waitFor('another try', async () => (await ready()).includes('429'));
    receiver.behave = undefined;
    await whenAllAcknowledged();
    const sent = receiver.spans.filter(({ resource }) => resource['service.name'] === 'patient');
    const ids = sent.map(({ attributes }) => String(attributes['llm_monitor.request.id']));
    expect(ids.toSorted()).toEqual(calls.map(({ id }) => id).toSorted());
    const [duration] = receiver
      .points()
      .filter(
        ({ resource, metric }) =>
          resource['service.name'] === 'patient' && metric === GEN_AI_METRICS.duration.name,
      );
    expect(duration).toMatchObject({ count: 600 });
    expect(connectors?.output()).toMatch(/answers again/);
  });

  test('drops what is refused for good and goes on, splits what is too large, tells what was rejected', async () => {
    const [bad, large, rejected, after] = [0, 1, 2, 3].map((n) => `refused-${n}`) as string[];
    const of = (app = '', count = 1) =>
      Array.from({ length: count }, () => aCall({ app })).map((call) => call.completed());
    receiver.behave = (path) =>
      path === '/v1/traces' ? { status: 400, body: 'bad span' } : undefined;
    await start();
    await publish(bus, of(bad));
    await waitFor('the refusal', async () => (await ready()).includes('1 refused for good'));
    receiver.behave = (_, spans) => (spans > 3 ? { status: 413 } : undefined);
    await publish(bus, of(large, 10));
    await whenAllAcknowledged();
    const sentOf = (app = '') =>
      receiver.spans.filter(({ resource }) => resource['service.name'] === app).length;
    expect(sentOf(large)).toBe(10);
    receiver.behave = (path) =>
      path === '/v1/traces' ? { status: 200, body: partialSuccess(1, 'too old') } : undefined;
    await publish(bus, of(rejected));
    await waitFor('the log', () => connectors?.output().includes('"message":"too old"'));
    receiver.behave = undefined;
    await publish(bus, of(after));
    await waitFor('the next', () => sentOf(after) === 1);
    // The same again, past the broker's own memory.
    const again = receiver.spans.at(-1)?.attributes['llm_monitor.request.id'] as string;
    const repeated = aCall({ app: after ?? '', requestId: again }).completed();
    await publish(bus, [repeated, repeated], { withoutId: true });
    await whenAllAcknowledged();
    expect([sentOf(after), sentOf(bad)]).toEqual([1, 0]);
    expect(connectors?.output()).toMatch(/"reason":"it answers 400: bad span"/);
  });

  test('trusts the certificate that it is told of, and no other', async () => {
    const made = await generate([{ name: 'commonName', value: '127.0.0.1' }], {
      extensions: [
        { name: 'basicConstraints', cA: true },
        { name: 'subjectAltName', altNames: [{ type: 7, ip: '127.0.0.1' }] },
      ],
    });
    const secure = await startOtlpReceiver({ tls: { key: made.private, cert: made.cert } });
    try {
      const env = { OTEL_EXPORTER_OTLP_ENDPOINT: secure.url };
      await publish(bus, [aCall({ app: 'secure' }).completed()]);
      await start(env);
      await waitFor('the reason', async () => /SELF_SIGNED|UNABLE_TO|CERT/.test(await ready()));
      expect(secure.spans).toEqual([]);
      await connectors?.stop();
      await start({ ...env, OTEL_EXPORTER_OTLP_CERTIFICATE: made.cert });
      await waitFor('the span', () => secure.spans.length === 1);
    } finally {
      await secure.close();
    }
  });
});
