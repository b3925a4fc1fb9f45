// What it costs to know who asks: CPU time of the API and of the web service for each `GET /api/status`, with and without limits, tokens and
// sessions, beside a bare Node server that sends the same bytes, in the same run and turn by turn.
import { Agent, request } from 'node:http';
import { fileURLToPath } from 'node:url';

import { freePort } from '../helpers/free-port.ts';
import { askHttp, logIn, sessionHeaders } from '../helpers/http-ask.ts';
import { startNats } from '../helpers/start-nats.ts';
import { startProgram } from '../helpers/start-program.ts';
import { startRedis } from '../helpers/start-redis.ts';
import { startService } from '../helpers/start-service.ts';
import { waitFor } from '../helpers/wait-for.ts';
import { cpuMs, median, printTable } from './measure.ts';

const ROUNDS = Number(process.env['BENCH_ROUNDS'] ?? 8);
const REQUESTS = 2000;
const AT_ONCE = 16;

interface Way {
  name: string;
  url: string;
  pid: number;
  agent: Agent;
  headers: Record<string, string>;
}

function ask({ url, agent, headers }: Way): Promise<void> {
  return new Promise((resolve, reject) => {
    const sent = request(`${url}/api/status`, { agent, headers }, (answer) => {
      if (answer.statusCode !== 200) reject(new Error(`answered ${answer.statusCode}`));
      answer.resume();
      answer.once('end', resolve);
    });
    sent.once('error', reject);
    sent.end();
  });
}

/** CPU time of the server, µs a request. */
async function runBlock(way: Way): Promise<number> {
  const before = cpuMs(way.pid);
  let left = REQUESTS;
  const worker = async () => {
    while (left-- > 0) await ask(way);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  return ((cpuMs(way.pid) - before) * 1000) / REQUESTS;
}

const [nats, redis] = await Promise.all([startNats(), startRedis()]);
const env = { NATS_URL: nats.url, REDIS_URL: redis.url };
const tokens = { LLM_MONITOR_TOKEN: 'operator-secret', LLM_MONITOR_VIEWER_TOKEN: 'viewer-secret' };
const limits = { RATE_LIMIT: '1000000' };
const noLimits = { RATE_LIMIT: '0' };
const plain = await startService('api', { ...env, ...noLimits }, { until: 'ready' });
const limited = await startService('api', { ...env, ...limits }, { until: 'ready' });
const guarded = await startService('api', { ...env, ...limits, ...tokens }, { until: 'ready' });
const web = await startService('web', { ...env, ...limits, API_URL: limited.url });
const ownWeb = await startService('web', { ...env, ...limits, ...tokens, API_URL: guarded.url });
const { body } = await askHttp(`${plain.url}/api/status`);
const barePort = await freePort();
const bare = startProgram(process.execPath, [
  fileURLToPath(new URL('../../bench/programs/bare-server.mjs', import.meta.url)),
  ...[String(barePort), body],
]);
const bareUrl = `http://127.0.0.1:${barePort}`;
await waitFor('the bare server', async () => (await askHttp(bareUrl)).status === 200);
const { cookies } = await waitFor('a login', async () => {
  const answer = await logIn(ownWeb.url, 'viewer-secret');
  return answer.status === 303 && answer;
});

const bearer = { authorization: 'Bearer viewer-secret' };
const way = (
  name: string,
  server: { url: string; pid: number },
  headers: Record<string, string> = {},
): Way => ({
  ...{ name, url: server.url, pid: server.pid, headers },
  agent: new Agent({ keepAlive: true, maxSockets: AT_ONCE }),
});
const ways: Way[] = [
  way('bare node', { url: bareUrl, pid: bare.pid }),
  way('api, no limit', plain),
  way('api, rate limit', limited),
  way('api, rate limit and token', guarded, bearer),
  way('web, rate limit', web),
  way('web, rate limit and token', ownWeb, bearer),
  way('web, rate limit and session', ownWeb, sessionHeaders(cookies)),
];
const results = new Map(ways.map(({ name }) => [name, [] as number[]]));
for (const one of ways) await runBlock(one);
for (let round = 0; round < ROUNDS; round++) {
  for (const one of ways) results.get(one.name)?.push(await runBlock(one));
}
printTable([
  ['CPU of the server, µs a request', 'median', 'least'],
  ...ways.map(({ name }) => {
    const values = results.get(name) ?? [];
    return [name, median(values).toFixed(0), Math.min(...values).toFixed(0)];
  }),
]);
for (const { agent } of ways) agent.destroy();
await Promise.all([web, ownWeb, plain, limited, guarded].map((service) => service.stop()));
await Promise.all([bare.stop(), nats.stop(), redis.stop()]);
