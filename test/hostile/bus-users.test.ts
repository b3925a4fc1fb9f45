import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';

import { createMonitor } from '@llm-monitor/client';
import { EVENT_SUBJECTS } from '@llm-monitor/contracts/bus';
import { jetstream, jetstreamManager } from '@nats-io/jetstream';
import { connect } from '@nats-io/transport-node';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { aCall } from '../helpers/an-event.ts';
import {
  addApp,
  connectAs,
  connectOnceKnown,
  stackUser,
  type BusUser,
  type Credentials,
} from '../helpers/bus-user.ts';
import { startGuardedStack, type GuardedStack } from '../helpers/guarded-stack.ts';
import type { Cli } from '../helpers/run-cli.ts';
import { waitFor } from '../helpers/wait-for.ts';

let stack: GuardedStack;
let cli: Cli;
let url: string;
let shop: Credentials;
let bank: Credentials;
let asShop: BusUser;
let operator: BusUser;

beforeAll(async () => {
  stack = await startGuardedStack();
  ({ cli, url, shop, asShop, operator } = stack);
  bank = await addApp(cli, 'bank');
}, 120_000);
afterAll(() => stack.stop(), 60_000);

/** How many events of an app the stream has. */
async function storedOf(app: string): Promise<number> {
  const manager = await jetstreamManager(operator.connection);
  const filter = `llm.request.*.${app}.>`;
  const { state } = await manager.streams.info('LLM_REQUESTS', { subjects_filter: filter });
  return Object.values(state.subjects ?? {}).reduce((sum, count) => sum + count, 0);
}

const historyOf = (app: string) => stack.historyOf(app);

test('nobody is let in without credentials, with wrong ones, or with those of another name', async () => {
  const servers = `127.0.0.1:${cli.natsPort}`;
  await expect(connect({ servers, reconnect: false })).rejects.toThrow(/authorization/i);
  const guess = { servers, reconnect: false, user: shop.user, pass: bank.password };
  await expect(connect(guess)).rejects.toThrow(/authorization/i);
});

test('an app tells of its calls with its credentials, and the services confined to theirs collect and show them', async () => {
  const monitor = createMonitor({
    ...{ app: 'shop', natsUrl: shop.url },
    nats: { user: shop.user, password: shop.password },
  });
  await monitor.trackRequest({ model: 'm' }, () => Promise.resolve('x'));
  // True only when JetStream acknowledged, which it does into the app's own inbox.
  expect(await monitor.flush(5000)).toBe(true);
  await waitFor('the call to be in the history', async () => (await historyOf('shop')).length > 0);
  await monitor.close();
  const ready = await fetch(`${cli.url}/ready`);
  expect(ready.status).toBe(200);
});

test('the user of one app cannot publish as another: nothing of it is stored', async () => {
  for (const kind of ['started', 'first-token', 'completed', 'failed', 'cancelled']) {
    expect(await asShop.mayPublish(`llm.request.${kind}.bank.m`), kind).toBe(false);
  }
  expect(await asShop.mayPublish('llm.progress.bank.m')).toBe(false);
  expect(await asShop.mayPublish('llm.app.heartbeat.bank.i')).toBe(false);
  expect(await storedOf('bank')).toBe(0);
  // The same words in its own name: so it is the name that was refused.
  expect(await asShop.mayPublish('llm.progress.shop.m')).toBe(true);
});

test('an event whose body names another app counts for the app of its subject', async () => {
  const call = aCall({ app: 'bank' });
  const js = jetstream(asShop.connection);
  for (const { event } of [call.started(), call.completed()]) {
    const kind = event.type.split('.')[2] ?? '';
    await js.publish(`llm.request.${kind}.shop.m`, JSON.stringify(event), { msgID: event.id });
  }
  await waitFor('the call to be there as one of the shop', async () =>
    (await historyOf('shop')).some(({ id }) => id === call.id),
  );
  expect(await historyOf('bank')).toEqual([]);
});

test('deleting goes through users that may do no more than that', async () => {
  const [{ id } = { id: '' }] = await historyOf('shop');
  const answer = await fetch(`${cli.url}/api/requests/${id}`, { method: 'DELETE' });
  expect(answer.status).toBe(200);
  expect((await fetch(`${cli.url}/api/requests/${id}`)).status).toBe(404);
});

test('an app cannot listen to others, to their cancelling, or to what anybody is answered', async () => {
  const forbidden = [
    '>',
    '*.>',
    'llm.>',
    'llm.request.>',
    'llm.request.*.shop.>',
    'llm.progress.>',
  ];
  const others = ['llm.control.cancel.bank.>', 'llm.control.cancel.*.i', 'llm.control.>'];
  const inboxes = ['_INBOX.>', '_INBOX_bank.>', '_INBOX_llm-monitor-api.>', '$JS.>', '$SYS.>'];
  for (const subject of [...forbidden, ...others, ...inboxes]) {
    expect(await asShop.maySubscribe(subject), subject).toBe(false);
  }
  expect(await asShop.maySubscribe('llm.control.cancel.shop.i')).toBe(true);
});

test('an app reaches neither streams nor consumers, neither dead letters nor what others say', async () => {
  const api = ['STREAM.DELETE', 'STREAM.PURGE', 'STREAM.INFO', 'STREAM.MSG.GET', 'STREAM.CREATE'];
  const subjects = [
    ...api.map((verb) => `$JS.API.${verb}.LLM_REQUESTS`),
    ...['$JS.API.INFO', '$JS.API.STREAM.NAMES', '$JS.API.DIRECT.GET.LLM_REQUESTS'],
    '$JS.API.CONSUMER.DELETE.LLM_REQUESTS.collector',
    '$JS.API.CONSUMER.MSG.NEXT.LLM_REQUESTS.collector',
    '$JS.API.CONSUMER.CREATE.LLM_REQUESTS.spy',
    '$JS.ACK.LLM_REQUESTS.collector.1.1.1.1.1',
    ...[
      'llm.dead-letter.invalid',
      'llm.alert.fired.x',
      'llm.host.sampled.h',
      'llm.models.listed.h',
    ],
    ...['llm.control.cancel.shop.i', 'llm.control.cancel.bank.i', 'llm.control.watched'],
    ...['_INBOX_llm-monitor-api.x', '_INBOX_bank.x', '$SYS.REQ.SERVER.PING', 'anything'],
  ];
  for (const subject of subjects) {
    expect(await asShop.mayPublish(subject), subject).toBe(false);
  }
});

test('an app answers what it is asked to cancel, once, and nothing that it was not asked', async () => {
  const command = 'llm.control.cancel.shop.instance';
  let inbox = '';
  asShop.connection.subscribe(command, {
    callback: (_error, message) => {
      inbox = message.reply ?? '';
      message.respond('{"aborted":true}');
    },
  });
  await asShop.connection.flush();
  const asApi = await connectAs(await stackUser(cli, 'api', url));
  const answer = await asApi.connection.request(command, '{}', { timeout: 10_000 });
  expect(answer.json()).toEqual({ aborted: true });
  expect(await asShop.mayPublish(inbox, '{"aborted":false}')).toBe(false);
  await asApi.connection.close();
});

describe('each service may do what it does and no more', () => {
  const never = (stream: string) => [
    ...['DELETE', 'SNAPSHOT', 'RESTORE'].map((verb) => `$JS.API.STREAM.${verb}.${stream}`),
    ...['$SYS.REQ.SERVER.PING', 'llm.control.anything', 'anything'],
  ];
  const others: Record<string, string[]> = {
    collector: [
      ...['$JS.API.CONSUMER.DELETE.LLM_ALERTS.spy', '$JS.API.STREAM.CREATE.OTHER'],
      ...['llm.request.started.shop.m', 'llm.control.cancel.shop.i', 'llm.host.sampled.h'],
      ...['$JS.API.STREAM.PURGE.LLM_TELEMETRY', 'llm.control.delete'],
    ],
    api: [
      ...[
        '$JS.API.STREAM.PURGE.LLM_REQUESTS',
        '$JS.API.STREAM.MSG.DELETE.LLM_REQUESTS',
        '$JS.API.STREAM.UPDATE.LLM_REQUESTS',
      ],
      ...['$JS.API.CONSUMER.CREATE.LLM_REQUESTS.spy', '$JS.ACK.LLM_REQUESTS.collector.1.1.1.1.1'],
    ],
    web: [
      '$JS.API.INFO',
      'llm.control.delete',
      '$JS.API.STREAM.PURGE.LLM_REQUESTS',
      'llm.request.started.shop.m',
      'llm.control.cancel.shop.i',
    ],
    agent: [
      '$JS.API.INFO',
      'llm.control.delete',
      '$JS.API.STREAM.PURGE.LLM_REQUESTS',
      'llm.host.sampled.another',
      'llm.models.listed.another',
    ],
    alerts: ['llm.request.failed.shop.m', 'llm.control.delete', 'llm.control.cancel.shop.i'],
    connectors: [
      ...['llm.request.failed.shop.m', 'llm.alert.fired.x', 'llm.control.delete'],
      ...['$JS.API.CONSUMER.DELETE.LLM_REQUESTS.collector', '$JS.API.STREAM.PURGE.LLM_REQUESTS'],
    ],
  };
  const deaf: Record<string, string[]> = {
    collector: ['>', 'llm.control.>', 'llm.control.cancel.shop.i', '_INBOX.>'],
    api: [
      '>',
      'llm.>',
      'llm.*.*.shop.>',
      'llm.control.>',
      'llm.control.cancel.shop.i',
      '_INBOX_shop.>',
    ],
    web: ['>', 'llm.request.>', '_INBOX_llm-monitor-api.>'],
    agent: ['>', 'llm.dead-letter.>', 'llm.control.delete', '_INBOX_shop.>'],
    alerts: ['>', 'llm.control.>', '_INBOX_shop.>'],
    connectors: ['>', 'llm.request.>', 'llm.control.>'],
  };
  test.each(['collector', 'api', 'web', 'agent', 'alerts', 'connectors'])('%s', async (role) => {
    const user = await connectAs(await stackUser(cli, role, url));
    for (const subject of [...never('LLM_REQUESTS'), ...(others[role] ?? [])]) {
      expect(await user.mayPublish(subject), subject).toBe(false);
    }
    for (const subject of deaf[role] ?? []) {
      expect(await user.maySubscribe(subject), subject).toBe(false);
    }
    await user.connection.close();
  });
});

test('the API hears all events, for those who follow them over HTTP', async () => {
  const asApi = await connectAs(await stackUser(cli, 'api', url));
  for (const subject of [...EVENT_SUBJECTS, 'llm.request.failed.*.m']) {
    expect(await asApi.maySubscribe(subject), subject).toBe(true);
  }
  await asApi.connection.close();
});

test('a reader hears everything and says nothing', async () => {
  const { output } = await cli.run('credentials', 'add', '--reader', 'sam');
  const password = /--password (\S+)/.exec(output)?.[1] ?? '';
  const reader = await connectOnceKnown({ url, user: 'reader-sam', password });
  expect(await reader.maySubscribe('llm.>')).toBe(true);
  expect(await reader.maySubscribe('>')).toBe(false);
  for (const subject of [
    'llm.request.started.shop.m',
    'llm.control.watched',
    '$JS.API.INFO',
    'x',
  ]) {
    expect(await reader.mayPublish(subject), subject).toBe(false);
  }
  await reader.connection.close();
});

test('revoked credentials end at once: who is connected is cut off and not let in again', async () => {
  const gone = await addApp(cli, 'gone');
  const user = await connectOnceKnown(gone);
  const { code } = await cli.run('credentials', 'revoke', 'gone');
  expect(code).toBe(0);
  await user.connection.closed();
  await expect(connectAs(gone)).rejects.toThrow(/authorization/i);
  // Others stay connected.
  await asShop.connection.flush();
});

test('passwords are in no file but those of the stack itself, and nobody else may read these', async () => {
  const folder = join(cli.home, 'bus');
  for (const name of [
    'users.json',
    'users.conf',
    'accounts.conf',
    'secrets.json',
    'nats-server.conf',
    'bus.json',
  ]) {
    expect((await stat(join(folder, name))).mode & 0o077, name).toBe(0);
    expect(await readFile(join(folder, name), 'utf8')).not.toContain(shop.password);
  }
  for (const part of ['nats', 'collector', 'api', 'web', 'agent', 'alerts', 'llm-monitor']) {
    const text = await readFile(join(cli.home, 'logs', `${part}.log`), 'utf8').catch(() => '');
    expect(text, part).not.toContain(shop.password);
    expect(text, part).not.toContain((await stackUser(cli, 'local', url)).password);
  }
  const state = await readFile(join(cli.home, 'stack.json'), 'utf8');
  expect(state).not.toContain((await stackUser(cli, 'api', url)).password);
});
