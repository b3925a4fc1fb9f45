import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

import type { AppStats, EndedRequest } from '@llm-monitor/contracts/rest';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { startFakeOllama, type RunningFakeOllama } from '../helpers/fake-ollama.ts';
import { projectRoot } from '../helpers/project-root.ts';
import { startProxy, type RunningProxy } from '../helpers/start-proxy.ts';
import { startStack, type Stack } from '../helpers/start-stack.ts';
import { waitFor } from '../helpers/wait-for.ts';

const run = promisify(execFile);
const root = projectRoot();
const TYPESCRIPT = `${root}/examples/agents-typescript`;
const ROUNDS = '2';
/** Whose models they ask. */
const AGENTS = { background: 'phi3', generator: 'llama3.2', optimizer: 'mistral' };

describe('the three agents of the examples', () => {
  let stack: Stack;
  let ollama: RunningFakeOllama;
  let proxy: RunningProxy;

  beforeAll(async () => {
    const build = run(process.execPath, [`${root}/node_modules/typescript/bin/tsc`, '-b'], {
      cwd: TYPESCRIPT,
    });
    [stack, ollama] = await Promise.all([startStack(), startFakeOllama({}), build]);
    proxy = await startProxy(ollama.url, { NATS_URL: stack.nats.url });
  });
  afterAll(async () => {
    await proxy.agent.stop();
    await Promise.all([stack.stop(), ollama.close()]);
  });

  /** Runs a program of two rounds, and gives back the sessions that it names. */
  async function sessionsOf(command: string, program: string): Promise<string[]> {
    const { stdout, stderr } = await run(command, [program, ROUNDS, '0'], {
      env: {
        ...process.env,
        ...{ PYTHONDONTWRITEBYTECODE: '1', LLM_MONITOR_PROXY_URL: proxy.url },
        ...{ OLLAMA_HOST: ollama.url, LLM_MONITOR_NATS_URL: stack.nats.url },
      },
    });
    expect(stderr).toBe('');
    const sessions = [...stdout.matchAll(/^(round-[\da-f]{8}) \w+\/USDT: ./gm)];
    return sessions.map(([, session = '']) => session);
  }
  test('that reach nothing in Python name the address that refused them', async () => {
    const nowhere = 'http://127.0.0.1:1';
    const env = { ...process.env, PYTHONDONTWRITEBYTECODE: '1', LLM_MONITOR_PROXY_URL: nowhere };
    const { stderr } = await run('python3', [`${root}/examples/python/agents.py`, '1', '0'], {
      env,
    });
    expect(stderr).toContain(nowhere);
  });

  const get = async <T>(path: string): Promise<T> =>
    (await (await fetch(stack.web.url + path)).json()) as T;

  test.each([
    { language: 'TypeScript', command: process.execPath, program: `${TYPESCRIPT}/dist/main.js` },
    { language: 'Python', command: 'python3', program: `${root}/examples/python/agents.py` },
  ])(
    'in $language are three apps, and a round is one session',
    async ({ command, program, language }) => {
      const sessions = await sessionsOf(command, program);
      expect(sessions).toHaveLength(2);
      const total = language === 'Python' ? 4 : 2;
      await waitFor('three apps', async () => {
        const apps = await get<AppStats[]>('/api/apps');
        const counts = apps.map(({ name, completed_requests: count }) => [name, count] as const);
        expect(Object.fromEntries(counts)).toEqual(
          Object.fromEntries(Object.keys(AGENTS).map((name) => [name, total])),
        );
        return true;
      });
      for (const session of sessions) {
        const calls = await get<EndedRequest[]>(`/api/requests?session=${session}`);
        const models = calls.map(({ app, model }) => [app, model] as const);
        expect(Object.fromEntries(models)).toEqual(AGENTS);
        const optimizer = calls.find(({ app }) => app === 'optimizer');
        expect(optimizer).toMatchObject({ status: 'completed', tags: ['strategy', 'tune'] });
      }
    },
  );
});
