import { READY_RULES, type AlertList, type AlertRule } from '@llm-monitor/contracts/alerts';
import { subjects } from '@llm-monitor/contracts/bus';
import { createKeys } from '@llm-monitor/contracts/redis';
import { afterEach, expect, test } from 'vitest';

import { report } from '../faults/report.ts';
import { aCall } from '../helpers/an-event.ts';
import { startHttpSink, type HttpSink } from '../helpers/http-sink.ts';
import { publish } from '../helpers/publish.ts';
import { startService, type Service } from '../helpers/start-service.ts';
import { waitFor } from '../helpers/wait-for.ts';
import { startClusterBench, type ClusterBench } from './cluster-bench.ts';
import { failOver, PATIENCE, stopwatch } from './under-load.ts';

const RULE: AlertRule = {
  ...{ id: 'any-failure', name: 'Any failure', enabled: true, metric: 'failed', comparator: '>' },
  ...{ scope: { each: 'app' }, threshold: 0, windowSeconds: 300, forSeconds: 0, noData: 'ok' },
  ...{ renotifySeconds: 0, severity: 'warning', channels: ['desk'] },
};

let bench: ClusterBench;
let sink: HttpSink;
const alerts: Service[] = [];
afterEach(async () => {
  await Promise.all(alerts.map((service) => service.stop()));
  await Promise.all([bench.stop(), sink.close()]);
});

const set = async (path: string, body: object) => {
  const { status } = await fetch(`${bench.api.url}/api/alerts${path}`, {
    ...{ method: 'PUT', body: JSON.stringify(body) },
    headers: { 'content-type': 'application/json' },
  });
  expect(status).toBe(200);
};
const list = async () => {
  const response = await fetch(`${bench.api.url}/api/alerts`);
  return response.ok ? ((await response.json()) as AlertList) : undefined;
};
const toldOf = () =>
  sink.requests.map(({ body }) => {
    const { type, data } = body as { type: string; data: { alerts: { of: { app: string } }[] } };
    return `${type} ${data.alerts.map(({ of }) => of.app).join(' ')}`;
  });
const fail = (app: string) => publish(bench.connection, [aCall({ app }).failed({ durationMs: 1 })]);

test('a rule fires once and people are told once, before and while the Redis primary of the rules is replaced', async () => {
  [bench, sink] = await Promise.all([startClusterBench({ collectors: 1 }), startHttpSink()]);
  const { global } = createKeys({ shards: Number(bench.env['REDIS_SHARDS']) });
  await bench.redis.sadd(global.alertRulesWritten, ...READY_RULES.map(({ id }) => id));
  const env = {
    ...bench.env,
    ALERT_EVERY_MS: '200',
    ALERT_GATHER_MS: '100',
    ALERT_RETRY_MS: '200',
  };
  for (let i = 0; i < 2; i++) alerts.push(await startService('alerts', env, { until: 'ready' }));
  await set('/channels/desk', {
    ...{ kind: 'webhook', everySeconds: 0, settings: { url: `${sink.url}/desk` } },
  });
  await set(`/rules/${RULE.id}`, RULE);
  await fail('early');
  await waitFor('the first alert', () => sink.requests.length === 1, PATIENCE);

  const failing = failOver(bench, 0);
  await fail('meanwhile');
  const { killed, took } = await failing;
  const since = stopwatch();
  await waitFor('the second alert', () => sink.requests.length >= 2, PATIENCE);
  const told = since();
  bench.restart(killed);
  // Both are looked at again, by whichever replica has the lease now.
  const deliveredAtMs = Date.now();
  await waitFor(
    'another look at the rules, three seconds later',
    async () => Date.parse((await list())?.evaluatedAt ?? '') > deliveredAtMs + 3000,
    PATIENCE,
  );
  const { firing } = (await list()) ?? {};
  const stored = await bench.manager.streams.info('LLM_ALERTS', {
    subjects_filter: subjects.alert('fired', RULE.id),
  });
  const published = Object.values(stored.state.subjects ?? {}).reduce((sum, n) => sum + n, 0);
  report(
    'alerts while the Redis primary that has them is replaced',
    `failover after ${took}, told ${told} later; ${published} alerts on NATS, ${sink.requests.length} messages`,
    'each once',
    () => {
      expect(toldOf()).toEqual(['alert.fired early', 'alert.fired meanwhile']);
      expect({ firing, published }).toEqual({ firing: 2, published: 2 });
    },
  );
});
