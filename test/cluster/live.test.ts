import { afterEach, expect, test } from 'vitest';

import { report } from '../faults/report.ts';
import { aCall } from '../helpers/an-event.ts';
import { startLiveClient, type LiveClient } from '../helpers/live-client.ts';
import { publish } from '../helpers/publish.ts';
import { startService, type Service } from '../helpers/start-service.ts';
import { waitFor } from '../helpers/wait-for.ts';
import { startClusterBench, type ClusterBench } from './cluster-bench.ts';
import { failOver, PATIENCE, stopwatch } from './under-load.ts';

let bench: ClusterBench;
let web: Service;
let client: LiveClient;
afterEach(async () => {
  client.close();
  await web.stop();
  await bench.stop();
});

test('a dashboard sees calls of every shard before and after a Redis primary was replaced', async () => {
  bench = await startClusterBench({ collectors: 1 });
  web = await startService('web', { ...bench.env, API_URL: bench.api.url }, { until: 'ready' });
  client = await startLiveClient(web.url);
  const calls = Array.from({ length: 40 }, () => aCall());
  await publish(
    bench.connection,
    calls.map((call) => call.started()),
  );
  await waitFor('all calls as rows', () => client.running.size === calls.length, PATIENCE);

  const { killed, took } = await failOver(bench, 0);
  const since = stopwatch();
  bench.restart(killed);
  await publish(
    bench.connection,
    calls.map((call) => call.completed()),
  );
  const later = Array.from({ length: 40 }, () => aCall());
  await publish(
    bench.connection,
    later.map((call) => call.started()),
  );
  const isShown = () =>
    calls.every(({ id }) => client.ended.has(id) && !client.running.has(id)) &&
    later.every(({ id }) => client.running.has(id));
  await waitFor('ends and new calls on the dashboard', isShown, PATIENCE);
  report(
    'a dashboard while a Redis primary is replaced',
    `failover after ${took}, all 80 calls right ${since()} later, ${client.gaps.length} gaps`,
    'nothing missing',
    () => expect(client.gaps).toEqual([]),
  );
});
