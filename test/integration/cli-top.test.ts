import { createServer } from 'node:http';
import { join } from 'node:path';

import { createMonitor, type Monitor } from '@llm-monitor/client';
import { Ollama } from '@llm-monitor/client/ollama';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';

import { startFakeOllama, type RunningFakeOllama } from '../helpers/fake-ollama.ts';
import { projectRoot } from '../helpers/project-root.ts';
import { createCli, type Cli } from '../helpers/run-cli.ts';
import { startTerminal, type VirtualTerminal } from '../helpers/start-terminal.ts';
import { waitFor } from '../helpers/wait-for.ts';

const EVIL = '\u001b[2J\u001b[31m\u0007日本語の質問 goes on and on';
const MAIN = join(projectRoot(), 'packages/cli/dist/main.js');

let cli: Cli;
let fake: RunningFakeOllama;
let monitor: Monitor;
let ollama: Ollama;
const terminals: VirtualTerminal[] = [];

beforeAll(async () => {
  // Answers that go on until they are cancelled.
  fake = await startFakeOllama({
    respond: () => ({ content: Array.from({ length: 5000 }, () => 'word '), tokenDelayMs: 50 }),
  });
  cli = await createCli({ env: { OLLAMA_URL: fake.url } });
  await cli.run('start');
  monitor = createMonitor({ app: 'top-app', natsUrl: `nats://127.0.0.1:${cli.natsPort}` });
  ollama = new Ollama({ host: fake.url, monitor });
});
afterEach(() => {
  for (const terminal of terminals.splice(0)) terminal.kill();
});
afterAll(async () => {
  ollama?.abort();
  await monitor?.close();
  await cli?.remove();
  await fake?.close();
});

/** A call that streams until it is ended. @returns how it ended */
function stream(model: string, prompt: string): Promise<string> {
  return ollama
    .generate({ model, prompt, stream: true })
    .then(async (parts) => {
      for await (const part of parts) void part;
      return 'completed';
    })
    .catch((error: Error) => error.name);
}

async function openTop(size: { columns: number; rows: number }, ...args: string[]) {
  const terminal = await startTerminal([process.execPath, MAIN, 'top', ...args], {
    ...size,
    env: {
      ...{ LLM_MONITOR_HOME: cli.home, LLM_MONITOR_URL: '', LLM_MONITOR_TOKEN: '' },
      NO_COLOR: '1',
    },
  });
  terminals.push(terminal);
  await waitFor('the live screen', () => terminal.screen()[0]?.includes('● live'));
  return terminal;
}

const shows = (terminal: VirtualTerminal, pattern: RegExp) => () =>
  pattern.test(terminal.screen().join('\n'));

test('shows running calls live, cancels one after a question, and gives the terminal back', async () => {
  const outcome = stream('mistral', EVIL);
  const terminal = await openTop({ columns: 80, rows: 24 });
  await waitFor(
    'the call with its tokens',
    shows(terminal, /› generating +mistral +top-app +\d+\.\d s +≈[1-9]\d* .*日本/),
  );
  const lines = terminal.screen();
  expect(lines[1]).toMatch(/^active 1 {3}tokens\/s ≈\d/);
  expect(lines.join('\n')).toMatch(/\[1 calls \(1\)\] 2 models {2}3 hosts {2}4 recent/);
  expect(terminal.isAlternate()).toBe(true);
  // Without colours, and nothing of what the prompt tried.
  expect(terminal.raw()).not.toContain('\u001b[31m');

  terminal.type('2');
  await waitFor('the models', shows(terminal, /\[2 models \(\d+\)\]/));
  terminal.type('1c');
  await waitFor('the question', shows(terminal, /Cancel\? y\/N {2}mistral of top-app/));
  terminal.type('n');
  await waitFor('the answer', shows(terminal, /Nothing was cancelled/));
  terminal.type('c');
  await waitFor('the question again', shows(terminal, /Cancel\? y\/N/));
  terminal.type('y');
  expect(await outcome).toBe('AbortError');
  await waitFor('it to say so', shows(terminal, /Cancelled mistral of top-app/));
  terminal.type('4');
  await waitFor('the ended call', shows(terminal, /cancelled +mistral/));
  terminal.type('q');
  expect(await terminal.exited).toBe(0);
  expect(terminal.isAlternate()).toBe(false);
  // eslint-disable-next-line no-control-regex
  expect(terminal.raw()).toMatch(/\u001b\[\?25h[^]*\u001b\[\?1049l/);
});

test('fits what it gets, filters, and pauses', async () => {
  const ended = Promise.all([stream('mistral', 'one'), stream('qwen', 'two')]);
  const terminal = await openTop({ columns: 160, rows: 50 });
  await waitFor('both calls', shows(terminal, /calls \(2\)/));
  terminal.type('/qwen\r');
  await waitFor('one of them', () => {
    const text = terminal.screen().join('\n');
    return text.includes('calls (1)') && !/generating +mistral/.test(text);
  });
  await terminal.resize(44, 9);
  await waitFor('the small screen', () => {
    const lines = terminal.screen();
    return (
      lines.length === 9 &&
      lines[8]?.startsWith('q quit') &&
      /generating +qwen/.test(lines.join('\n'))
    );
  });
  terminal.type('p');
  await waitFor('the pause', shows(terminal, /‖ paused/));
  terminal.type('p');
  ollama.abort();
  await ended;
  await waitFor('them to be gone', shows(terminal, /calls \(0\)/));
  terminal.type('\u0003');
  expect(await terminal.exited).toBe(0);
  expect(terminal.isAlternate()).toBe(false);
});

test('keeps what it has while the service is away, comes back, and ends well on SIGTERM', async () => {
  const ended = stream('mistral', 'three');
  const terminal = await openTop({ columns: 80, rows: 24 });
  await waitFor('the call', shows(terminal, /generating +mistral/));
  process.kill((await cli.part('web')).pid, 'SIGKILL');
  await waitFor('it to say so', shows(terminal, /◌ reconnecting, data \d+ s old/));
  expect(terminal.screen().join('\n')).toMatch(/generating +mistral/);
  await waitFor('it to be back', shows(terminal, /● live/), { timeoutMs: 30_000 });
  ollama.abort();
  await ended;
  await waitFor('the end of the call', shows(terminal, /calls \(0\)/));
  process.kill(terminal.pid(), 'SIGTERM');
  expect(await terminal.exited).toBe(0);
  expect(terminal.isAlternate()).toBe(false);
});

test('prints once where there is no terminal, and says what is wrong', async () => {
  const ended = stream('mistral', EVIL);
  const text = await waitFor('the call', async () => {
    const { code, stdout } = await cli.run('top');
    return code === 0 && stdout.includes('calls (1)') && stdout;
  });
  expect(text).toMatch(/mistral +top-app .* 日本語の質問 goes on/);
  // eslint-disable-next-line no-control-regex
  expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/);
  const { stdout } = await cli.run('top', '--json');
  expect(JSON.parse(stdout)).toMatchObject({
    active: [{ app: 'top-app', prompt: EVIL }],
    status: { status: 'ok' },
  });
  ollama.abort();
  await ended;
  const nobody = await createCli({ env: { LLM_MONITOR_URL: 'http://127.0.0.1:1' } });
  const failed = await nobody.run('top', '--once');
  expect(await nobody.run('--version')).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/^\d+\.\d+\.\d+\S*\n$/),
  });
  await nobody.remove();
  expect(failed.code).toBe(1);
  expect(failed.output).toContain('No live data came from http://127.0.0.1:1');
  const closed = createServer((_request, response) => response.writeHead(401).end());
  await new Promise<void>((resolve) => closed.listen(0, '127.0.0.1', resolve));
  const { port } = closed.address() as { port: number };
  const stranger = await createCli({ env: { LLM_MONITOR_URL: `http://127.0.0.1:${port}` } });
  const refused = await stranger.run('top');
  await stranger.remove();
  closed.close();
  expect(refused).toMatchObject({ code: 1, output: expect.stringContaining('LLM_MONITOR_TOKEN') });
});
