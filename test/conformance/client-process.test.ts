import { once } from 'node:events';
import { createServer } from 'node:net';
import { fileURLToPath } from 'node:url';

import { describe, expect, onTestFinished, test } from 'vitest';

import type { Script } from '@llm-monitor/fake-ollama';

import type { EventCollector } from '../helpers/collect-events.ts';
import { startFakeOllama } from '../helpers/fake-ollama.ts';
import { freePort } from '../helpers/free-port.ts';
import type { NatsServer } from '../helpers/start-nats.ts';
import { startProgram } from '../helpers/start-program.ts';
import { waitFor } from '../helpers/wait-for.ts';
import { useBus } from '../helpers/use-bus.ts';

const PROGRAM = fileURLToPath(new URL('programs/call-ollama.mjs', import.meta.url));
const MONITORED = '@llm-monitor/client/ollama';

let nats: NatsServer;
let events: EventCollector;
useBus((bus) => ({ nats, events } = bus));

/** Starts the program against a fake server of its own. */
async function start(env: Record<string, string>, script: Script | (() => Script) = {}) {
  const fake = await startFakeOllama({
    models: ['llama3.2:3b'],
    respond: () => ({ tokenDelayMs: 5, ...(typeof script === 'function' ? script() : script) }),
  });
  onTestFinished(() => fake.close());
  return startProgram(process.execPath, [PROGRAM], {
    env: { LLM_MONITOR_NATS_URL: nats.url, HOST: fake.url, ...env },
  });
}

async function runToItsEnd(env: Record<string, string>, script?: Script | (() => Script)) {
  const program = await start(env, script);
  const code = await program.exited;
  return { code, output: program.output() };
}

/** Resolves when an app's first call is on the bus: from then on the app is connected. */
function startOf(app: string): Promise<unknown> {
  return waitFor(`a call of ${app}`, () => events.calls(app).length > 0);
}

/** Streams nine words and then nothing more. */
const HANGS: Script = { fault: { kind: 'hang', afterLines: 9 } };

/** A server that takes connections and behaves as told. */
async function startBus(greeting: string | undefined): Promise<string> {
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    if (greeting !== undefined) socket.write(greeting);
  });
  const port = await freePort();
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  return `nats://127.0.0.1:${port}`;
}

describe('a program ends as it does with the bare client', () => {
  const buses: [string, () => string | Promise<string>][] = [
    ['is up', () => nats.url],
    ['is down for its whole life', async () => `nats://127.0.0.1:${await freePort()}`],
    ['takes connections and says nothing', () => startBus(undefined)],
    [
      'greets and says nothing more',
      () => startBus('INFO {"version":"2.10.0","headers":true}\r\n'),
    ],
    ['is no bus at all', () => startBus('HTTP/1.1 400 Bad Request\r\n\r\n')],
    ['has an address that is no URL', () => 'nats://:::/'],
  ];
  test.each(buses)('case 33: when the bus %s', async (_, bus) => {
    const env = { CALLS: '3', LLM_MONITOR_APP: 'process-same', LLM_MONITOR_NATS_URL: await bus() };
    const bare = await runToItsEnd({ ...env, CLIENT: 'ollama' });
    const monitored = await runToItsEnd({ ...env, CLIENT: MONITORED });
    expect(bare.code).toBe(0);
    expect(bare.output).toContain('done');
    expect(monitored).toEqual(bare);
  });
});

describe('what a program did reaches the bus', () => {
  test('case 34: when it ends by itself right after its last call', async () => {
    const env = { CLIENT: MONITORED, CALLS: '5', LLM_MONITOR_APP: 'process-natural' };
    expect((await runToItsEnd(env)).code).toBe(0);
    const calls = await events.endedCalls('process-natural', 6);
    expect(calls.map((call) => call.started.length + call.ended.length)).toEqual(
      Array.from({ length: 6 }, () => 2),
    );
    expect(await events.storedIds('process-natural')).toHaveLength(6 * 2 + 5);
    await waitFor(
      'the last heartbeat',
      () => events.heartbeats('process-natural').at(-1)?.event.data.stopping,
    );
  });

  test('case 34: when it calls process.exit, which keeps its code', async () => {
    const env = { CLIENT: MONITORED, CALLS: '2', ENDING: 'exit', LLM_MONITOR_APP: 'process-exit' };
    const { code } = await runToItsEnd(env, () => ({ after: startOf('process-exit') }));
    expect(code).toBe(3);
    const calls = await events.endedCalls('process-exit', 3);
    expect(calls.map((call) => call.ended[0]?.event.data.outcome)).toEqual([
      'completed',
      'completed',
      'error',
    ]);
  });

  test('case 34: when SIGTERM ends it in the middle of a call, as it would have', async () => {
    const env = { CLIENT: MONITORED, ENDING: 'sigterm', LLM_MONITOR_APP: 'process-sigterm' };
    const program = await start(env, HANGS);
    await waitFor('the stream to run', () => program.output().includes('streaming'));
    await startOf(env.LLM_MONITOR_APP);
    program.signal('SIGTERM');
    // Ended by a signal, a process has no exit code.
    expect(await program.exited).toBeNull();
    const [call] = await events.endedCalls('process-sigterm');
    expect(call?.ended[0]?.event.data).toMatchObject({
      outcome: 'cancelled',
      cancelledBy: 'SIGTERM',
      chunks: expect.any(Number),
    });
    const last = events.heartbeats('process-sigterm').at(-1);
    expect(last?.event.data).toMatchObject({ stopping: true, runningRequestIds: [] });
  });

  test('case 34: when it handles SIGTERM itself, in its own way', async () => {
    const env = {
      CLIENT: MONITORED,
      ENDING: 'handles-sigterm',
      LLM_MONITOR_APP: 'process-handler',
    };
    const program = await start(env, HANGS);
    await waitFor('the stream to run', () => program.output().includes('streaming'));
    await startOf(env.LLM_MONITOR_APP);
    program.signal('SIGTERM');
    expect(await program.exited).toBe(7);
    const [call] = await events.endedCalls('process-handler');
    expect(call?.ended[0]?.event.data).toMatchObject({ outcome: 'cancelled' });
  });
});
