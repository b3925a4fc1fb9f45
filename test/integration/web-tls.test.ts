import { io } from 'socket.io-client';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { freePort } from '../helpers/free-port.ts';
import { askHttp, logIn } from '../helpers/http-ask.ts';
import { projectRoot } from '../helpers/project-root.ts';
import { startProgram, type Program } from '../helpers/start-program.ts';
import { aCertificate, type TestCertificate } from '../helpers/start-reverse-proxy.ts';
import { startRedis, type RedisServer } from '../helpers/start-redis.ts';
import { waitFor } from '../helpers/wait-for.ts';

let redis: RedisServer;
let certificate: TestCertificate;
let other: TestCertificate;

beforeAll(async () => {
  [redis, certificate, other] = await Promise.all([
    ...([startRedis(), aCertificate('localhost'), aCertificate('localhost')] as const),
  ]);
});
afterAll(async () => {
  await Promise.all([redis.stop(), certificate.remove(), other.remove()]);
});

async function startWeb(env: Record<string, string>): Promise<Program & { url: string }> {
  const port = await freePort();
  const program = startProgram(process.execPath, [`${projectRoot()}/services/web/dist/main.js`], {
    env: {
      ...{ LOG_LEVEL: 'warn', PORT: String(port), REDIS_URL: redis.url },
      ...{ NATS_URL: 'nats://127.0.0.1:9', LLM_MONITOR_TOKEN: 'secret', ...env },
    },
  });
  return { ...program, url: `https://127.0.0.1:${port}` };
}

test('with a certificate the port speaks HTTPS alone: pages, logins and live data', async () => {
  const web = await startWeb({ TLS_CERT: certificate.certFile, TLS_KEY_FILE: certificate.keyFile });
  try {
    await waitFor('HTTPS', async () => (await askHttp(`${web.url}/health`)).status === 200);
    const answer = await waitFor('a login', async () => {
      const one = await logIn(web.url, 'secret');
      return one.status === 303 && one;
    });
    for (const cookie of answer.headers['set-cookie'] as string[]) {
      expect(cookie).toContain('; Secure');
    }
    const socket = io(web.url, {
      ...{ transports: ['websocket'], reconnection: false, rejectUnauthorized: false },
      extraHeaders: { cookie: answer.cookies.join('; ') },
    });
    await waitFor('the live connection', () => socket.connected);
    socket.disconnect();
    const offer = { connection: 'Upgrade', upgrade: 'h2c' };
    expect((await askHttp(`${web.url}/health`, { headers: offer })).status).toBe(200);
    await expect(askHttp(`${web.url.replace('https', 'http')}/health`)).rejects.toThrow(
      /hang up|ECONNRESET/,
    );
  } finally {
    await web.stop();
  }
});

test.each([
  ['a certificate without its key', () => ({ TLS_CERT: certificate.certFile }), /belong together/],
  [
    'a file that is not there',
    () => ({ TLS_CERT: '/nowhere/cert.pem', TLS_KEY: certificate.keyFile }),
    /TLS_CERT names .*ENOENT/,
  ],
  [
    'the key of another certificate',
    () => ({ TLS_CERT: certificate.certFile, TLS_KEY: other.keyFile }),
    /TLS_CERT and TLS_KEY cannot be used/,
  ],
  ['a base path that is none', () => ({ BASE_PATH: 'llm-monitor' }), /BASE_PATH/],
  ['a proxy by name', () => ({ TRUST_PROXY: 'true' }), /TRUST_PROXY takes the addresses/],
  [
    'one secret for two roles',
    () => ({ LLM_MONITOR_VIEWER_TOKEN: 'secret' }),
    /Choose two secrets/,
  ],
  ['no token beyond this machine', () => ({ HOST: '0.0.0.0', LLM_MONITOR_TOKEN: '' }), /HOST=0/],
])('does not start with %s, and says what to change', async (_what, env, said) => {
  const web = await startWeb(env());
  expect(await web.exited).toBe(1);
  expect(web.output()).toMatch(said);
});
