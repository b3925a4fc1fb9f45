import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

import type { EndedRequest } from '@llm-monitor/contracts/rest';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { startFakeOllama, type RunningFakeOllama, type Script } from '../helpers/fake-ollama.ts';
import { projectRoot } from '../helpers/project-root.ts';
import { startProxy, type RunningProxy } from '../helpers/start-proxy.ts';
import { startStack, type Stack } from '../helpers/start-stack.ts';
import { waitFor } from '../helpers/wait-for.ts';

const FOLDER = `${projectRoot()}/examples/python`;
const NOBODY = 'http://127.0.0.1:9';

/** What the server answers next; then short sentences. */
const scripts: Script[] = [];
let stack: Stack;
let ollama: RunningFakeOllama;
let proxy: RunningProxy;

beforeAll(async () => {
  [stack, ollama] = await Promise.all([
    startStack(),
    startFakeOllama({
      models: ['mistral:latest', 'phi3:latest'],
      respond: () => scripts.shift(),
    }),
  ]);
  proxy = await startProxy(ollama.url, { NATS_URL: stack.nats.url });
});
afterAll(async () => {
  await proxy.agent.stop();
  await Promise.all([stack.stop(), ollama.close()]);
});

/** Runs lines of Python in the folder of the example, and gives back what they print, as JSON. */
async function python(lines: string, env: Record<string, string> = {}): Promise<unknown> {
  const program = `import json, time\nfrom llm_utils_monitored import *\n${lines}`;
  const { stdout } = await promisify(execFile)('python3', ['-c', program], {
    cwd: FOLDER,
    env: {
      ...process.env,
      ...{ PYTHONDONTWRITEBYTECODE: '1', LLM_MONITOR_APP: 'trader', OLLAMA_HOST: ollama.url },
      ...{ LLM_MONITOR_PROXY_URL: proxy.url, LLM_MONITOR_URL: stack.web.url },
      ...env,
    },
  });
  return JSON.parse(stdout);
}

/** How the calls of an app ended, newest first, once there are so many. */
async function endsOf(app: string, count = 1): Promise<EndedRequest[]> {
  return waitFor(`${count} calls of ${app} to be kept`, async () => {
    const answer = await fetch(`${stack.web.url}/api/requests?app=${app}`);
    const ends = (await answer.json()) as EndedRequest[];
    return ends.length >= count && ends;
  });
}

const caught = (call: string) =>
  `try:\n  ${call}\nexcept Exception as e:\n  print(json.dumps([type(e).__name__, str(e), getattr(e, "status", None)]))`;

describe('the Python file', () => {
  test('asks a model, and the call is seen under the name of its program', async () => {
    scripts.push({ content: ['Because ', 'of air: ', 'é日🙂'] });
    expect(await python('print(json.dumps(query_ollama_monitored("Why is it blue?")))')).toBe(
      'Because of air: é日🙂',
    );
    const [end] = await endsOf('trader');
    expect(end).toMatchObject({
      ...{ app: 'trader', model: 'mistral', operation: 'generate', status: 'completed' },
      ...{ prompt: 'Why is it blue?', response: 'Because of air: é日🙂', stream: true },
    });
  });

  test('asks the small model for the fast answer', async () => {
    await python('print(json.dumps(query_ollama_fast_monitored("Yes or no?")))', {
      LLM_MONITOR_APP: 'fast',
    });
    expect(await endsOf('fast')).toMatchObject([{ model: 'phi3', status: 'completed' }]);
  });

  test('raises a time-out for the whole call, which is kept as one', async () => {
    scripts.push({ content: Array.from({ length: 100 }, () => 'word '), tokenDelayMs: 100 });
    const program = caught('query_ollama_monitored("Why?", timeout=2)');
    expect(await python(program, { LLM_MONITOR_APP: 'slow' })).toEqual([
      ...['TimeoutError', 'mistral did not answer within 2 seconds', null],
    ]);
    expect(await endsOf('slow')).toMatchObject([{ status: 'timeout' }]);
  });

  test('raises what Ollama says, before and within its answer', async () => {
    const env = { LLM_MONITOR_APP: 'failing' };
    const unknown = caught('query_ollama_monitored("Why?", model="no")');
    const program = caught('query_ollama_monitored("Why?")');
    expect(await python(unknown, env)).toEqual([
      'OllamaError',
      expect.stringContaining('not found'),
      404,
    ]);
    scripts.push({ fault: { kind: 'error-line', error: 'out of memory', afterLines: 1 } });
    expect(await python(program, env)).toEqual(['OllamaError', 'out of memory', 200]);
    scripts.push({ fault: { kind: 'eof', afterLines: 1 } });
    expect(await python(program, env)).toEqual([
      ...['OllamaError', 'the answer ended before its last line', 200],
    ]);
    const ends = await endsOf('failing', 3);
    expect(ends.map(({ status }) => status)).toEqual(['failed', 'failed', 'failed']);
  });

  test('goes to Ollama itself when there is no proxy', async () => {
    const env = { LLM_MONITOR_PROXY_URL: NOBODY, LLM_MONITOR_APP: 'direct' };
    expect(await python('print(json.dumps(query_ollama_monitored("Why?")))', env)).toContain('sky');
    // The agent asks, too, at any moment.
    const calls = ollama.requests.filter(({ path }) => path === '/api/generate');
    expect(calls.at(-1)?.headers['x-llm-monitor-app']).toBe('direct');
  });

  test('raises when neither is there', async () => {
    const env = { LLM_MONITOR_PROXY_URL: NOBODY, OLLAMA_HOST: NOBODY };
    expect(await python(caught('query_ollama_monitored("Why?")'), env)).toEqual([
      'ConnectionRefusedError',
      expect.stringContaining('refused'),
      null,
    ]);
  });

  test('reads the monitor', async () => {
    await endsOf('trader');
    const read = `[get_monitor_status(), get_active_requests(), get_recent_requests(1), get_model_performance()]`;
    const [status, active, recent, models] = (await python(
      `print(json.dumps(${read}))`,
    )) as unknown[];
    expect(status).toMatchObject({ status: 'ok', active_requests: 0 });
    expect(active).toEqual([]);
    expect(recent).toHaveLength(1);
    expect(models).toEqual(expect.arrayContaining([expect.objectContaining({ name: 'mistral' })]));
    const env = { LLM_MONITOR_URL: NOBODY };
    expect(await python(`print(json.dumps(${read}))`, env)).toEqual([null, [], [], []]);
  });
});
