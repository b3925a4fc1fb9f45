// The embedded NATS keeps its streams in an account with a name, which a version before did not, and apps with credentials in another.
import { cp, readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { createMonitor, type Monitor } from '@llm-monitor/client';
import { BUS_ACCOUNTS, STREAMS } from '@llm-monitor/contracts/bus';
import { jetstreamManager } from '@nats-io/jetstream';
import { connect, type Msg } from '@nats-io/transport-node';
import { afterAll, expect, test } from 'vitest';

import { addApp, connectOnceKnown, type BusUser } from '../helpers/bus-user.ts';
import { createCli, type Cli } from '../helpers/run-cli.ts';
import { waitFor } from '../helpers/wait-for.ts';

const cli: Cli = await createCli();
afterAll(async () => {
  await mine.close();
  await cli.remove();
}, 60_000);

const accounts = () => join(cli.home, 'nats', 'jetstream');
const start = async () => {
  const { code, output } = await cli.run('start');
  expect(code, output).toBe(0);
  return output;
};
const natsUrl = `nats://127.0.0.1:${cli.natsPort}`;
const makeCall = async (monitor: Monitor) => {
  await monitor.trackRequest({ model: 'm' }, () => Promise.resolve('x'));
  expect(await monitor.flush(15_000)).toBe(true);
};
const mine = createMonitor({ app: 'mine', natsUrl });
const callsOf = async (app: string) => {
  const answer = await fetch(`${cli.url}/api/requests?app=${app}`);
  return (await answer.json()) as { id: string }[];
};
const callsIn = async () => (await callsOf('mine')).length;
const lookAtStream = async () => {
  const connection = await connect({ servers: natsUrl });
  const manager = await jetstreamManager(connection);
  const { state } = await manager.streams.info(STREAMS.requests);
  const { ack_floor: floor } = await manager.consumers.info(STREAMS.requests, 'collector');
  await connection.close();
  return { messages: state.messages, floor: floor.stream_seq };
};

/** What an app says with the wish for an answer, though nobody answers. */
async function askWithoutAnswer({ connection: app }: BusUser, count: number) {
  const connection = await connect({ servers: natsUrl });
  const asked: Msg[] = [];
  connection.subscribe('llm.progress.shop.>', {
    callback: (_, message) => void asked.push(message),
  });
  await connection.flush();
  const answered = new Set<string>();
  app.subscribe('_INBOX_shop.>', { callback: (_, { subject }) => void answered.add(subject) });
  let last = 0;
  const ask = () =>
    app.publish('llm.progress.shop.m', '{}', { reply: `_INBOX_shop.${(last += 1)}` });
  for (let i = 0; i < count; i++) ask();
  await waitFor('the questions', () => asked.length === count);
  expect(answered.size).toBe(0);
  return {
    /** Answers the next of them, and a new one after it, and waits for that answer. */
    async nextIsForgotten() {
      answered.clear();
      const late = asked.shift();
      ask();
      const fresh = `_INBOX_shop.${last}`;
      const question = await waitFor('a new question', () => asked.length === count && asked.pop());
      late?.respond('late');
      question.respond('soon');
      await waitFor('the answer to it', () => answered.has(fresh));
      asked.push(question);
      return answered.size === 1;
    },
    close: () => Promise.all([connection.close(), app.close()]),
  };
}

test('what an older version stored is read on, from where its collectors were, and nothing is counted twice', async () => {
  await start();
  await makeCall(mine);
  await waitFor('the call', async () => (await callsIn()) === 1);
  const before = await waitFor('all to be acknowledged', async () => {
    const found = await lookAtStream();
    return found.floor === found.messages && found;
  });
  await cli.run('stop');
  await rename(join(accounts(), BUS_ACCOUNTS.monitor), join(accounts(), '$G'));

  // A start that fails leaves it where that older version looks for it.
  const { home, webPort, natsPort } = cli;
  const failing = await createCli({ home, webPort, natsPort, env: { REDIS_SERVER: '/bin/false' } });
  const { output } = await failing.run('start');
  expect(output).toContain('redis ended with 1 while it was starting');
  expect(await readdir(accounts())).toEqual(['$G']);

  await start();
  expect(await readdir(accounts())).toEqual([BUS_ACCOUNTS.monitor]);
  expect(await lookAtStream()).toEqual(before);
  await makeCall(mine);
  await waitFor('both calls', async () => (await callsIn()) === 2);
  expect((await lookAtStream()).messages).toBe(before.messages * 2);
}, 120_000);

test('where an older version ran once more, its events are read on, and those from before it are set aside', async () => {
  await cli.run('stop');
  const [account, nameless] = [join(accounts(), BUS_ACCOUNTS.monitor), join(accounts(), '$G')];
  await cp(account, nameless, { recursive: true });
  const found = /events from before that are in (\S+)/i.exec(await start())?.[1] ?? '';
  expect(await readdir(found)).toContain('streams');
  expect(await readdir(accounts())).toEqual([BUS_ACCOUNTS.monitor]);
  await makeCall(mine);
  await waitFor('all calls', async () => (await callsIn()) === 3);
}, 60_000);

test('an app that gets credentials while it runs, the first one, is acknowledged and can be asked to end a call, and the others are not disturbed', async () => {
  const shop = await addApp(cli, 'shop');
  const unanswered = await askWithoutAnswer(await connectOnceKnown(shop), 1000);
  const monitor = createMonitor({
    ...{ app: 'shop', natsUrl },
    nats: { user: shop.user, password: shop.password },
  });
  await makeCall(monitor);
  await makeCall(mine);
  // Where the environment names a NATS, the one that runs still has both accounts.
  const { home, webPort, natsPort } = cli;
  const named = await createCli({ home, webPort, natsPort, env: { NATS_URL: natsUrl } });
  const other = await connectOnceKnown(await addApp(named, 'other'));
  await other.connection.close();
  expect(await readdir(accounts())).toEqual([BUS_ACCOUNTS.monitor]);
  const ended = monitor.trackRequest({ model: 'm' }, async ({ signal }) => {
    await new Promise((resolve) => signal.addEventListener('abort', resolve));
    throw signal.reason;
  });
  const failure = ended.catch((error: Error) => error.name);
  const [{ id } = { id: '' }] = await waitFor('the call to run', async () => {
    const answer = await fetch(`${cli.url}/api/active`);
    const running = (await answer.json()) as { id: string; app: string }[];
    const found = running.filter(({ app }) => app === 'shop');
    return found.length > 0 && found;
  });
  const headers = { 'content-type': 'application/json', 'x-llm-monitor': '1' };
  const asked = await fetch(`${cli.url}/api/requests/${id}/cancel`, {
    ...{ method: 'POST', headers, body: '{}' },
  });
  expect(await asked.json()).toMatchObject({ reached: true, aborted: true });
  expect(await failure).toBe('AbortError');
  await waitFor('both calls of the shop', async () => (await callsOf('shop')).length === 2);
  await waitFor('the next of the other', async () => (await callsIn()) === 4);
  await monitor.close();

  // Each takes the server's memory, and would for two minutes.
  await waitFor('an answer that comes late to lead nowhere', unanswered.nextIsForgotten, {
    timeoutMs: 20_000,
  });
  await unanswered.close();
}, 60_000);

test('credentials that an older version writes while a newer one runs hold, and the streams stay where they are', async () => {
  const folder = join(cli.home, 'bus');
  const users = JSON.parse(await readFile(join(folder, 'users.json'), 'utf8')) as object[];
  const [user, password] = ['late', 'as it stands'];
  const late = { name: user, role: 'app', of: user, password, createdAtMs: Date.now() };
  const before = (await lookAtStream()).messages;
  await writeFile(join(folder, 'users.new'), JSON.stringify([...users, late]));
  await rename(join(folder, 'users.new'), join(folder, 'users.json'));
  // It knows no accounts, and has the server read its users again.
  const own = 'llm-monitor-local';
  const known = [
    { user: own, password: 'x' },
    { user, password },
  ].map((one) => JSON.stringify(one));
  const conf = `no_auth_user: ${own}\nauthorization { users = [${known.join(', ')}] }\n`;
  await writeFile(join(folder, 'users.conf'), conf);
  const { parts } = JSON.parse(await readFile(join(cli.home, 'stack.json'), 'utf8')) as {
    parts: { name: string; process: { pid: number } }[];
  };
  process.kill(parts.find(({ name }) => name === 'nats')!.process.pid, 'SIGHUP');

  const app = await connectOnceKnown({ url: natsUrl, user, password });
  await app.connection.close();
  const monitor = createMonitor({ app: 'late', natsUrl, nats: { user, password } });
  await makeCall(monitor);
  await monitor.close();
  await waitFor('the call', async () => (await callsOf('late')).length === 1);
  expect((await lookAtStream()).messages).toBe(before + 2);
  expect(await readdir(accounts())).toEqual([BUS_ACCOUNTS.monitor]);
}, 60_000);

test('credentials that are made at the same moment are all kept', async () => {
  const names = ['a', 'b', 'c', 'd'];
  const made = await Promise.all(names.map((name) => addApp(cli, `many-${name}`)));
  const users = await Promise.all(made.map((credentials) => connectOnceKnown(credentials)));
  await Promise.all(users.map(({ connection }) => connection.close()));
  const { output } = await cli.run('credentials', 'list');
  for (const name of names) expect(output).toContain(`many-${name}`);
}, 60_000);
