import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { jetstream } from '@nats-io/jetstream';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { aCall } from '../helpers/an-event.ts';
import { connectAs, type BusUser } from '../helpers/bus-user.ts';
import { freePort } from '../helpers/free-port.ts';
import { projectRoot } from '../helpers/project-root.ts';
import { createCli, type Cli } from '../helpers/run-cli.ts';
import { startProgram, type Program } from '../helpers/start-program.ts';
import { aCertificate, type TestCertificate } from '../helpers/start-reverse-proxy.ts';
import { startService, type Service } from '../helpers/start-service.ts';
import { waitFor } from '../helpers/wait-for.ts';

// NATS and Redis as somebody else runs them: with the users that `credentials init` wrote, and TLS only.
let cli: Cli;
let folder: string;
let certificate: TestCertificate;
let ports: { nats: number; redis: number };
const programs: Program[] = [];
const services: Record<string, Service> = {};
let local: BusUser;

beforeAll(async () => {
  cli = await createCli({ env: { NATS_AUTH: 'required' } });
  folder = await mkdtemp(join(tmpdir(), 'services-'));
  certificate = await aCertificate('localhost');
  ports = { nats: await freePort(), redis: await freePort() };
  const at = { nats: `localhost:${ports.nats}`, redis: `localhost:${ports.redis}` };
  const init = ['--tls', '--into', folder, '--nats', at.nats, '--redis', at.redis];
  const { code, output } = await cli.run('credentials', 'init', ...init);
  if (code !== 0) throw new Error(output);
  await startServers();
  const secrets = await readFile(join(cli.home, 'bus', 'secrets.json'), 'utf8');
  const password = (JSON.parse(secrets) as { local: string }).local;
  local = await waitFor('nats-server', () =>
    connectAs({ ...{ url: at.nats, user: 'llm-monitor-local', password }, ca: certificate.cert }),
  );
  for (const name of ['collector', 'api', 'web', 'agent', 'alerts', 'connectors'] as const) {
    services[name] = await startService(name, environmentOf(name), { until: 'ready' });
  }
}, 120_000);
afterAll(async () => {
  await local?.connection.close();
  for (const service of Object.values(services).toReversed()) await service.stop();
  for (const program of programs) await program.stop();
  await rm(folder, { recursive: true, force: true });
  await certificate.remove();
  await cli.remove();
}, 60_000);

async function startServers(): Promise<void> {
  const { certFile, keyFile } = certificate;
  const conf = join(folder, 'nats.conf');
  await writeFile(
    conf,
    [
      `listen: "127.0.0.1:${ports.nats}"`,
      `jetstream { store_dir: ${JSON.stringify(join(folder, 'nats'))} }`,
      `tls { cert_file: ${JSON.stringify(certFile)}, key_file: ${JSON.stringify(keyFile)} }`,
      await readFile(join(cli.home, 'bus', 'users.conf'), 'utf8'),
    ].join('\n'),
  );
  programs.push(startProgram(process.env['NATS_SERVER'] ?? 'nats-server', ['-c', conf]));
  startStore();
}

function startStore(): void {
  const { certFile, keyFile } = certificate;
  programs.push(
    startProgram(process.env['REDIS_SERVER'] ?? 'redis-server', [
      ...['--port', '0', '--tls-port', String(ports.redis), '--bind', '127.0.0.1'],
      ...['--tls-cert-file', certFile, '--tls-key-file', keyFile, '--tls-auth-clients', 'no'],
      ...['--aclfile', join(cli.home, 'store', 'users.acl'), '--dir', folder],
      ...['--appendonly', 'yes', '--appendfsync', 'always', '--save', ''],
    ]),
  );
}

function environmentOf(name: string): Record<string, string | undefined> {
  return {
    NATS_URL_FILE: join(folder, name, 'nats-url'),
    NATS_CA_FILE: certificate.certFile,
    REDIS_CA: certificate.certFile,
    ...(['agent', 'connectors'].includes(name)
      ? {}
      : { REDIS_URL_FILE: join(folder, name, 'redis-url') }),
    ...(name === 'web' ? { API_URL: services['api']?.url } : {}),
  };
}

async function passwordOf(role: string): Promise<string> {
  const text = await readFile(join(cli.home, 'store', 'secrets.json'), 'utf8');
  return (JSON.parse(text) as Record<string, string>)[role] ?? '';
}

async function redisAs(username: string, password: string, ca: string | undefined) {
  const redis = new Redis({
    ...{ host: 'localhost', port: ports.redis, username, password },
    ...{ lazyConnect: true, retryStrategy: () => null, maxRetriesPerRequest: 0 },
    tls: ca === undefined ? {} : { ca },
  });
  redis.on('error', () => undefined);
  await redis.connect();
  return redis;
}

test('all services work with their own users, over TLS, with secrets from files', async () => {
  const call = aCall({ app: 'shop' });
  const js = jetstream(local.connection);
  for (const { subject, event } of [call.started(), call.completed()]) {
    await js.publish(subject, JSON.stringify(event), { msgID: event.id });
  }
  await waitFor('the call in the history', async () => {
    const answer = await fetch(`${services['web']?.url}/api/requests/${call.id}`);
    return answer.ok && ((await answer.json()) as { status: string }).status === 'completed';
  });
  for (const [name, service] of Object.entries(services)) {
    const ready = await fetch(`${service.url}/ready`);
    expect(ready.status, name).toBe(200);
    const { checks } = (await ready.json()) as { checks: { name: string; detail: string }[] };
    // Each may ask Redis what time it is.
    expect(checks.find((check) => check.name === 'clock')?.detail ?? '', name).toBe('');
    expect(service.output(), name).not.toMatch(/NOPERM|violation/i);
  }
});

test('what the services stored outlives a restart of Redis, which reads it back as nobody of them', async () => {
  const redis = await redisAs('api', await passwordOf('api'), certificate.cert);
  const before = await redis.hgetall('{s0}:totals');
  redis.disconnect();
  expect(before).toMatchObject({ n: '1' });
  await programs.pop()?.stop();
  startStore();
  const again = await waitFor('Redis', async () =>
    redisAs('api', await passwordOf('api'), certificate.cert),
  );
  expect(await waitFor('its data', () => again.hgetall('{s0}:totals'))).toEqual(before);
  again.disconnect();
});

test('a rebuild, a backup and a restore work as the user that collectors have', async () => {
  const run = async (program: string, ...args: string[]) => {
    const path = `${projectRoot()}/services/collector/dist/${program}/main.js`;
    const env = environmentOf('collector');
    const started = startProgram(process.execPath, [path, ...args], { env });
    expect(await started.exited, started.output()).toBe(0);
    return started.output();
  };
  const file = join(folder, 'all.gz');
  expect(await run('rebuild')).toContain('"generation":2');
  expect(await run('archive', 'backup', file)).toContain(': 1 call in');
  expect(await run('archive', 'restore', file, '--replace')).toContain('Restored 1 call ');
  expect(await run('rebuild', 'drop-old')).toMatch(/"dropped":[1-9]/);
  await waitFor('everybody to show it', async () => {
    const answer = await fetch(`${services['web']?.url}/api/status`);
    return ((await answer.json()) as { completed_requests: number }).completed_requests === 1;
  });
});

test('Redis refuses who brings no password, a wrong one, or does not know its certificate', async () => {
  await expect(redisAs('default', '', certificate.cert)).rejects.toThrow(/closed/);
  await expect(redisAs('api', 'guess', certificate.cert)).rejects.toThrow(/closed/);
  await expect(redisAs('api', await passwordOf('api'), undefined)).rejects.toThrow(/closed/);
});

describe('no service may do in Redis what it does not do', () => {
  const dangerous = [
    ...['FLUSHALL', 'FLUSHDB', 'CONFIG SET maxmemory 1', 'SHUTDOWN NOSAVE'],
    ...['KEYS *', 'ACL LIST', 'ACL SETUSER x on', 'REPLICAOF NO ONE', 'CLIENT LIST', 'MONITOR'],
    ...['MODULE LIST', 'CLIENT KILL TYPE normal', 'SET other 1', 'GET other', 'BGSAVE'],
    ...['FUNCTION FLUSH', 'FUNCTION DELETE x', 'FUNCTION RESTORE x', 'FUNCTION LOAD x'],
  ];
  const writing = [
    ...[
      'SET {s0}:x 1',
      'DEL {s0}:totals',
      'HSET {s0}:totals started 9',
      'HSET {s0}:roll:m1:a:b:c x 1',
    ],
    ...['EXPIRE {s0}:totals 1', 'RENAME {s0}:totals {s0}:x', 'XADD {s0}:feed * a b'],
    ...['EVAL return 1 0', 'XTRIM {s0}:feed MAXLEN 0', 'UNLINK {s0}:epoch', 'SET g2:{s0}:x 1'],
  ];
  const sessions = ['SET {s0}:session:abc 1', 'DEL {s0}:session:abc'];
  // Passwords of mail servers and chats: the first of these reads them.
  const channels = ['HGETALL', 'HSET', 'DEL'].map(
    (command) =>
      `${command} secret:{s0}:settings:alert-channels${command === 'HSET' ? ' x 1' : ''}`,
  );
  test.each([
    ['collector', dangerous],
    ['api', [...dangerous, ...writing, ...sessions, 'ZADD {s0}:alerts:outbox 1 x']],
    ['alerts', [...dangerous, ...channels.slice(1), ...sessions]],
    ['web', [...dangerous, ...writing, ...channels]],
  ])('%s', async (role, commands) => {
    const redis = await redisAs(role, await passwordOf(role), certificate.cert);
    for (const command of commands) {
      const [name = '', ...args] = command.split(' ');
      await expect(redis.call(name, args), command).rejects.toThrow(/NOPERM/);
    }
    redis.disconnect();
  });
});

test('the web service alone begins and ends sessions, and that is all that it writes', async () => {
  const redis = await redisAs('web', await passwordOf('web'), certificate.cert);
  expect(await redis.set('{s0}:session:abc', 'x', 'PX', 60_000)).toBe('OK');
  expect(await redis.get('{s0}:session:abc')).toBe('x');
  expect(await redis.del('{s0}:session:abc')).toBe(1);
  redis.disconnect();
});
