import { readFileSync } from 'node:fs';

import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';

import { freePort } from '../helpers/free-port.ts';
import { askHttp } from '../helpers/http-ask.ts';
import { projectRoot } from '../helpers/project-root.ts';
import { startProgram, type Program } from '../helpers/start-program.ts';
import { startNats, type NatsServer } from '../helpers/start-nats.ts';
import { startRedis, type RedisServer } from '../helpers/start-redis.ts';
import { aCertificate, type TestCertificate } from '../helpers/start-reverse-proxy.ts';
import { waitFor } from '../helpers/wait-for.ts';

let nats: NatsServer;
let redis: RedisServer;
let certificate: TestCertificate;
let other: TestCertificate;
const running: Program[] = [];

beforeAll(async () => {
  [nats, redis, certificate, other] = await Promise.all([
    ...([startNats(), startRedis(), aCertificate('localhost'), aCertificate('localhost')] as const),
  ]);
});
afterEach(async () => {
  await Promise.all(running.splice(0).map((program) => program.stop()));
});
afterAll(async () => {
  await Promise.all([nats.stop(), redis.stop(), certificate.remove(), other.remove()]);
});

async function start(name: 'api' | 'web', env: Record<string, string>) {
  const port = await freePort();
  const program = startProgram(
    process.execPath,
    [`${projectRoot()}/services/${name}/dist/main.js`],
    {
      env: {
        ...{ LOG_LEVEL: 'warn', PORT: String(port), REDIS_URL: redis.url, NATS_URL: nats.url },
        ...env,
      },
    },
  );
  running.push(program);
  return { ...program, at: `localhost:${port}` };
}

async function startApi(): Promise<string> {
  const files = { API_TLS_CERT: certificate.certFile, API_TLS_KEY_FILE: certificate.keyFile };
  const { at } = await start('api', files);
  await waitFor('HTTPS', async () => (await askHttp(`https://${at}/health`)).status === 200);
  return at;
}

async function startWeb(env: Record<string, string>): Promise<string> {
  const { at } = await start('web', env);
  await waitFor(
    'the web service',
    async () => (await askHttp(`http://${at}/health`)).status === 200,
  );
  return `http://${at}`;
}

/** What web says of the API once it says something. */
const saysOfApi = async (web: string) => {
  const { checks } = JSON.parse((await askHttp(`${web}/ready`)).body) as {
    checks: { name: string; ok: boolean; detail: string }[];
  };
  return checks.find(({ name }) => name === 'api');
};

test('with a certificate the API speaks HTTPS alone, and the web service asks it so', async () => {
  const api = await startApi();
  await expect(askHttp(`http://${api}/health`)).rejects.toThrow(/hang up|ECONNRESET/);
  for (const authority of [certificate.certFile, readFileSync(certificate.certFile, 'utf8')]) {
    const web = await startWeb({ API_URL: `https://${api}`, API_CA: authority });
    await waitFor('web to be ready', async () => (await askHttp(`${web}/ready`)).status === 200);
    const status = await askHttp(`${web}/api/status`);
    expect(status.status).toBe(200);
    expect(JSON.parse(status.body)).toMatchObject({ total_requests: 0 });
  }
});

test('an API whose certificate nobody vouches for is not asked, and it says how to mend it', async () => {
  const api = await startApi();
  for (const env of [{}, { API_CA: other.certFile }] as Record<string, string>[]) {
    const web = await startWeb({ API_URL: `https://${api}`, ...env });
    const said = await waitFor('a word on the API', () => saysOfApi(web));
    expect(said).toMatchObject({ ok: false });
    expect(said.detail).toMatch(/certificate is not trusted .*API_CA/);
    const answer = await askHttp(`${web}/api/status`);
    expect(answer.status).toBe(503);
    expect(answer.headers['content-type']).toContain('application/problem+json');
  }
});

test('a web service that asks by the wrong protocol says so', async () => {
  const { at } = await start('api', {});
  await waitFor('HTTP', async () => (await askHttp(`http://${at}/health`)).status === 200);
  const web = await startWeb({ API_URL: `https://${at}`, API_CA: certificate.certFile });
  expect((await waitFor('a word on the API', () => saysOfApi(web))).detail).toContain(
    'does not speak HTTPS',
  );
});

test.each([
  [
    'an API with a certificate without its key',
    'api',
    () => ({ API_TLS_CERT: certificate.certFile }),
    /API_TLS_CERT and API_TLS_KEY belong together/,
  ],
  [
    'an API with the key of another certificate',
    'api',
    () => ({ API_TLS_CERT: certificate.certFile, API_TLS_KEY: other.keyFile }),
    /API_TLS_CERT and API_TLS_KEY cannot be used/,
  ],
  [
    'a web service with an authority that cannot be read',
    'web',
    () => ({ API_URL: 'https://localhost:1', API_CA: '/nowhere/ca.pem' }),
    /API_CA names .*ENOENT/,
  ],
  [
    'a web service with an authority that is none',
    'web',
    () => ({ API_URL: 'https://localhost:1', API_CA: certificate.keyFile }),
    /API_CA cannot be used/,
  ],
  [
    'a web service with an authority for an API without HTTPS',
    'web',
    () => ({ API_URL: 'http://localhost:1', API_CA: certificate.certFile }),
    /API_CA is given, but API_URL is not https/,
  ],
] as const)('does not start: %s; it says what to change', async (_what, name, env, said) => {
  const service = await start(name, env());
  expect(await service.exited).toBe(1);
  expect(service.output()).toMatch(said);
});
