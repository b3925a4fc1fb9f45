// Who publishes an event names the subject at which the server confirms it, with the server's own rights in the account of the streams.
// Apps have an account of their own; agents are in that of the streams.
import { STREAMS } from '@llm-monitor/contracts/bus';
import { jetstream, jetstreamManager, type JetStreamManager } from '@nats-io/jetstream';
import { connect, headers, type Msg } from '@nats-io/transport-node';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { aCall } from '../helpers/an-event.ts';
import { addAgent, connectOnceKnown, type BusUser } from '../helpers/bus-user.ts';
import { startGuardedStack, type GuardedStack } from '../helpers/guarded-stack.ts';
import {
  ACCOUNT_PURGES,
  hostileReplies,
  endsByApps,
  letsAnyonePurgeAccounts,
} from '../helpers/hostile-replies.ts';
import { publish } from '../helpers/publish.ts';
import { createCli, type Cli } from '../helpers/run-cli.ts';
import { startNats } from '../helpers/start-nats.ts';
import { waitFor } from '../helpers/wait-for.ts';

let stack: GuardedStack;
let cli: Cli;
let asShop: BusUser;
let operator: BusUser;
/** Of another machine. */
let asAgent: BusUser;
let manager: JetStreamManager;
/** Does the server not check what its streams are asked? */
let isOld: boolean;

beforeAll(async () => {
  stack = await startGuardedStack();
  ({ cli, asShop, operator } = stack);
  manager = await jetstreamManager(operator.connection);
  const { credentials } = await addAgent(cli, 'gpu-box', '--url', stack.url);
  asAgent = await connectOnceKnown(credentials);
  const [major = 0, minor = 0] = operator.connection.info!.version.split('.').map(Number);
  isOld = major === 2 && minor < 12;
}, 120_000);
afterAll(async () => {
  await asAgent.connection.close();
  await stack.stop();
}, 60_000);

const names = Object.values(STREAMS);
const historyOf = (app: string) => stack.historyOf(app);

const lookAt = async (name: string) => {
  const { config, state } = await manager.streams.info(name, { deleted_details: true });
  const consumers = (await manager.consumers.list(name).next()).map((one) => one.name);
  const { first_seq: first, last_seq: last } = state;
  // Left away when there are none.
  const deleted = (state.deleted as number[] | undefined) ?? [];
  return { config, consumers: consumers.toSorted(), first, last, deleted };
};
const lookAtAll = async () =>
  new Map(await Promise.all(names.map(async (name) => [name, await lookAt(name)] as const)));
const publishFrom = (
  user: BusUser,
  subject: string,
  reply: string,
  given: Record<string, string> = {},
) => {
  const head = headers();
  for (const [name, value] of Object.entries(given)) head.set(name, value);
  user.connection.publish(subject, '{}', { reply, headers: head });
};
/** Requests to the streams are worked off in turn: once the last one shows, so do the others. */
const settle = async () => {
  const subject = 'llm.request.started.last.m';
  const inbox = '_INBOX_llm-monitor-local.last';
  const confirmed = operator.connection.subscribe(inbox, { max: 1 });
  await operator.connection.flush();
  // Where the server does not check what it is asked, this one goes.
  publishFrom(operator, subject, '$JS.API.STREAM.MSG.DELETE.LLM_REQUESTS');
  publishFrom(operator, 'llm.request.started.last.n', inbox);
  for await (const _ of confirmed) break;
  if (!isOld) return;
  await waitFor('that event to go', async () => {
    const query = { last_by_subj: subject };
    const found = await manager.streams.getMessage(STREAMS.requests, query).catch(() => null);
    return found === null;
  });
};

test('an app deletes and changes no stream, makes and acknowledges nothing, and empties none, whatever version the server has', async () => {
  const theirs = Array.from({ length: 5 }, () => aCall({ app: 'bank' }));
  const events = theirs.flatMap((call) => [call.started(), call.completed()]);
  await publish(operator.connection, events);
  asShop.connection.publish('llm.request.started.shop.m', '{}');
  await waitFor('a dead letter', async () => (await lookAt(STREAMS.deadLetters)).last > 0);
  await jetstream(operator.connection).publish('llm.app.heartbeat.bank.i', '{}');
  await jetstream(operator.connection).publish('llm.alert.fired.x', '{}');
  await manager.consumers.add(STREAMS.alerts, { durable_name: 'probe', ack_policy: 'explicit' });
  const probe = await jetstream(operator.connection).consumers.get(STREAMS.alerts, 'probe');
  const { reply: ackSubject = '' } = (await probe.next()) as unknown as Msg;
  expect(ackSubject).toMatch(/^\$JS\.ACK\./);
  await waitFor('all calls', async () => (await historyOf('bank')).length >= theirs.length);
  const before = await lookAtAll();

  const bad = { 'Nats-Expected-Last-Sequence': '1' };
  for (const reply of [...hostileReplies(), ...ACCOUNT_PURGES, ackSubject]) {
    publishFrom(asShop, 'llm.request.started.shop.m', reply);
    publishFrom(asShop, 'llm.request.started.shop.m', reply, bad);
    publishFrom(asShop, 'llm.app.heartbeat.shop.i', reply);
  }
  await asShop.connection.flush();
  await settle();

  for (const [name, was] of before) {
    const { deleted, last: _, ...is } = await lookAt(name);
    expect(is, name).toEqual({ config: was.config, consumers: was.consumers, first: was.first });
    expect(
      deleted.filter((seq) => seq <= was.last),
      name,
    ).toEqual(was.deleted);
  }
  expect((await probe.info()).num_ack_pending).toBe(1);
  await manager.consumers.delete(STREAMS.alerts, 'probe');
  // What was said in another's name was not taken for anything that happened.
  const calls = (await historyOf('bank')).map(({ id }) => id);
  const known = new Set(theirs.map(({ id }) => id));
  expect(calls.filter((id) => !known.has(id))).toEqual([]);
  expect((await fetch(`${cli.url}/ready`)).status).toBe(200);
  expect((await fetch(`${cli.url}/api/requests/${calls[0]}`, { method: 'DELETE' })).status).toBe(
    200,
  );
});

test('who makes credentials is told when the server lets them do more than they say', async () => {
  const told = async (one: Cli, ...args: string[]) =>
    (await one.run('credentials', 'add', ...args)).output;
  const warning = /! NATS [\d.]+ runs there: who has these credentials can .*\n.*NATS_SERVER/;
  const isWarned = async (one: Cli, ...args: string[]) => {
    const output = await told(one, ...args);
    expect(output).toMatch(/credentials of/);
    expect(output.includes('runs there')).toBe(warning.test(output));
    return warning.test(output);
  };
  expect(await isWarned(cli, '--agent', 'other-box', '--url', stack.url)).toBe(isOld);
  // An app has an account of its own; a reader says nothing, so it can have nothing confirmed.
  expect(await isWarned(cli, 'teller')).toBe(endsByApps(operator.connection.info!.version));
  expect(await isWarned(cli, '--reader', 'listener')).toBe(false);
  // Of a NATS that somebody else runs nobody knows where apps are.
  const foreign = await createCli({ env: { NATS_URL: stack.url } });
  expect(await isWarned(foreign, 'teller')).toBe(isOld);
  await foreign.remove();
});

test('an agent can have single events deleted whose numbers it comes to, from servers that do not check what they are asked', async () => {
  const { last: ofTelemetry } = await lookAt(STREAMS.telemetry);
  const { last: ofRequests } = await lookAt(STREAMS.requests);
  const ahead = Math.max(0, ofTelemetry - ofRequests);
  const theirs = Array.from({ length: ahead + 5 }, () => aCall({ app: 'bank' }).started());
  const acks = await publish(operator.connection, theirs);
  const { last } = await lookAt(STREAMS.requests);
  for (let i = ofTelemetry; i < last; i++) {
    publishFrom(asAgent, 'llm.app.heartbeat.shop.i', '$JS.API.STREAM.MSG.DELETE.LLM_REQUESTS');
  }
  await asAgent.connection.flush();
  await settle();
  const isGone = async () => {
    const { deleted } = await lookAt(STREAMS.requests);
    return acks.some(({ seq }) => deleted.includes(seq));
  };
  // What the threat model says of older servers. When this fails, it says too much.
  if (isOld) await waitFor('one of theirs to go', isGone);
  else expect(await isGone()).toBe(false);
});

test('an agent can have an event deleted that it heard just before, from servers that do not check what they are asked', async () => {
  const [{ event, subject }] = [aCall({ app: 'bank' }).started()];
  const [ack] = await publish(operator.connection, [{ event, subject }]);
  const reply = '$JS.API.STREAM.MSG.DELETE.LLM_REQUESTS';
  publishFrom(asAgent, subject, reply, { 'Nats-Msg-Id': event.id });
  await asAgent.connection.flush();
  await settle();
  const query = { seq: ack!.seq };
  const isGone = async () =>
    (await manager.streams.getMessage(STREAMS.requests, query).catch(() => null)) === null;
  // What the threat model says of older servers. When this fails, it says too much.
  if (isOld) await waitFor('the event to go', isGone);
  else expect(await isGone()).toBe(false);
});

test('an agent can have the stream of events emptied, from servers that do not check what they are asked', async () => {
  const theirs = Array.from({ length: 5 }, () => aCall({ app: 'bank' }).started());
  const acks = await publish(operator.connection, theirs);
  publishFrom(asAgent, 'llm.request.started.shop.m', '$JS.API.STREAM.PURGE.LLM_REQUESTS');
  await asAgent.connection.flush();
  await settle();
  const isEmptied = async () => (await lookAt(STREAMS.requests)).first > acks.at(-1)!.seq;
  // What the threat model says of older servers. When this fails, it says too much.
  if (isOld) await waitFor('the stream to be emptied', isEmptied);
  else expect(await isEmptied()).toBe(false);
});

test('servers before 2.10.27 let who has events confirmed at a subject of its choice remove all streams, newer ones do not', async () => {
  const nats = await startNats();
  const connection = await connect({ servers: nats.url });
  const manager = await jetstreamManager(connection);
  const subjects = ['some.>'];
  await manager.streams.add({ name: 'SOME', subjects });
  for (const reply of ACCOUNT_PURGES) connection.publish('some.event', '{}', { reply });
  const heard = connection.subscribe('_INBOX.last', { max: 1 });
  connection.publish('some.event', '{}', { reply: '_INBOX.last' });
  if (letsAnyonePurgeAccounts(connection.info!.version)) {
    // What the threat model says of them. When this fails, it says too much.
    await waitFor('the stream to go', () =>
      manager.streams.info('SOME').then(
        () => false,
        () => true,
      ),
    );
  } else {
    for await (const _ of heard) break;
    expect((await manager.streams.info('SOME')).state.messages).toBe(ACCOUNT_PURGES.length + 1);
  }
  await connection.close();
  await nats.stop();
});
