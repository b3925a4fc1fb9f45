import { createServer } from 'node:net';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

import { describe, expect, onTestFinished, test } from 'vitest';

import { freePort } from '../../helpers/free-port.ts';
import { answer, done, line, streamed, whole } from '../../helpers/http-bytes.ts';
import { startRawServer, type Step } from '../../helpers/raw-server.ts';
import { startProgram } from '../../helpers/start-program.ts';
import { useTwinCases } from '../../helpers/twin-cases.ts';

const cases = useTwinCases();
const program = (name: string) => fileURLToPath(new URL(`../programs/${name}`, import.meta.url));
const MONITORED = '@llm-monitor/client/ollama';

/** What is left of what a program wrote when the places in its stacks are not compared. */
const withoutPlaces = (output: string) =>
  output.replaceAll(/^\s+at .*\n/gm, '').replaceAll(/:\d{5}/g, ':PORT');

async function run(
  name: string,
  env: Record<string, string>,
  answers: () => readonly Step[],
  args: string[] = [],
) {
  const server = await startRawServer(answers);
  onTestFinished(() => server.close());
  const child = startProgram(process.execPath, [...args, program(name)], {
    env: { HOST: server.url, LLM_MONITOR_NATS_URL: cases.natsUrl, ...env },
  });
  const code = await child.exited;
  return { code, output: withoutPlaces(child.output()) };
}

const endings: [string, string, string][] = [
  ['case 34', 'break', 'cancelled'],
  ['case 34', 'throw', 'cancelled'],
  ['case 34', 'throw later', ''],
  ['case 34', 'reject', ''],
  ['case 34', 'reject unread', ''],
  ['case 34', 'reject in stream', 'completed'],
  ['case 34', 'exit code', 'completed'],
  ['case 34', 'exit in the stream', 'cancelled'],
  ['case 34', 'never settles', 'completed'],
];
const answers = () => streamed(answer('one', 'two'));

async function expectSameEnd(ending: string) {
  const app = `ending-${ending.replaceAll(' ', '-')}`;
  const env = { ENDING: ending, LLM_MONITOR_APP: app };
  const bare = await run('end-somehow.mjs', { ...env, CLIENT: 'ollama' }, answers);
  const monitored = await run('end-somehow.mjs', { ...env, CLIENT: MONITORED }, answers);
  expect(monitored).toEqual(bare);
  return cases.events.endedCalls(app);
}

test.each(endings)(
  '%s: a process ends as it does with the bare client: %s',
  async (_, ending, outcome) => {
    const [call] = await expectSameEnd(ending);
    expect(call?.ended[0]?.event.data.outcome).toContain(outcome);
  },
);

test('case 9: nothing waits for a stream that nobody iterates: the process ends by itself', async () => {
  const startedAtMs = performance.now();
  const [call] = await expectSameEnd('unread');
  expect(call?.ended[0]?.subject).toContain('.cancelled.');
  // A stream counts as abandoned after a minute.
  expect(performance.now() - startedAtMs).toBeLessThan(30_000);
});

async function peakMb(env: Record<string, string>, args: string[] = []): Promise<number> {
  const object = () => whole(line({ ...done(), response: 'short' }));
  const { code, output } = await run('measure-memory.mjs', env, object, args);
  expect([code, output]).toEqual([0, expect.stringContaining('peakMb')]);
  return (JSON.parse(output) as { peakMb: number }).peakMb;
}

describe('case 22: a prompt of 50 MB', () => {
  /** The prompt is 25 MB in memory and 50 MB on the wire. */
  const COPY_MB = 25;
  test.each(['drop-in', 'fetch'])('case 22: takes no extra full copy: %s', async (way) => {
    const env = { PROMPT_CHARS: '25000000', LLM_MONITOR_CAPTURE: 'full' };
    // On a machine that is busy memory is collected late; a copy would be there each time.
    let addedMb = Infinity;
    for (let attempt = 0; attempt < 3 && addedMb >= COPY_MB; attempt += 1) {
      const bare = await peakMb({ ...env, WAY: 'bare' });
      addedMb = Math.min(addedMb, (await peakMb({ ...env, WAY: way })) - bare);
    }
    expect(addedMb).toBeLessThan(COPY_MB);
  });
});

describe('case 33: memory stays bounded while many calls are told to nobody', () => {
  const hung = async () => {
    const server = createServer((socket) => {
      socket.on('error', () => undefined);
      socket.write('INFO {"version":"2.10.0","headers":true,"max_payload":1048576}\r\n');
      socket.once('data', () => {
        socket.write('PONG\r\n');
        socket.pause();
      });
    });
    server.listen(await freePort(), '127.0.0.1');
    await once(server, 'listening');
    onTestFinished(() => void server.close());
    return (server.address() as { port: number }).port;
  };
  test.each([
    ['is down', freePort],
    ['hangs', hung],
  ])('case 33: the bus %s', async (_, port) => {
    const env = {
      ...{ LOCAL: '1', CALLS: '3000', PROMPT_CHARS: '20000', LLM_MONITOR_CAPTURE: 'full' },
      LLM_MONITOR_NATS_URL: `nats://127.0.0.1:${await port()}`,
    };
    // 3,000 calls have 180 MB of text to say, and more to hold.
    const args = ['--max-old-space-size=160'];
    const bare = await peakMb({ ...env, WAY: 'bare' }, args);
    const monitored = await peakMb({ ...env, WAY: 'drop-in' }, args);
    expect(monitored - bare).toBeLessThan(200);
  });
});
