import { cp, readdir, readFile, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';

import type { EndedRequest } from '@llm-monitor/contracts/rest';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { startFakeOllama, type RunningFakeOllama } from '../helpers/fake-ollama.ts';
import { freePort } from '../helpers/free-port.ts';
import { copyProgram, install, packAll, runIn, startIn, type Packed } from '../helpers/packed.ts';
import { projectRoot } from '../helpers/project-root.ts';
import type { Program } from '../helpers/start-program.ts';
import { waitFor } from '../helpers/wait-for.ts';

const START_TIMEOUT_MS = 120_000;

let packed: Packed;
let fake: RunningFakeOllama;

beforeAll(async () => {
  [packed, fake] = await Promise.all([packAll(), startFakeOllama()]);
});
afterAll(async () => {
  await packed?.remove();
  await fake?.close();
});

/** The environment of a stack that shares nothing with another. */
async function ownPorts() {
  const [web, nats, proxy] = [await freePort(), await freePort(), await freePort()];
  return {
    PORT: String(web),
    NATS_PORT: String(nats),
    PROXY_LISTEN: `127.0.0.1:${proxy}`,
    OLLAMA_URL: fake.url,
    NO_COLOR: '1',
    ...{ NATS_URL: '', REDIS_URL: '', LLM_MONITOR_HOME: '', LLM_MONITOR_TOKEN: '' },
  };
}

test('the packages hold what runs, their licence and their readme, and no map or path of the machine', async () => {
  for (const name of ['client', 'cli']) {
    const folder = join(packed.client, '..', name);
    const files = (await readdir(folder, { recursive: true, withFileTypes: true })).filter((file) =>
      file.isFile(),
    );
    const names = files.map((file) => file.name);
    expect(names).toEqual(expect.arrayContaining(['package.json', 'README.md', 'LICENSE']));
    expect(names.filter((file) => /\.(map|tsbuildinfo|test\.js)$/.test(file))).toEqual([]);
    for (const file of files) {
      const text = await readFile(join(file.parentPath, file.name), 'utf8');
      expect(text.includes(projectRoot()), file.name).toBe(false);
      expect(text.includes('workspace:'), file.name).toBe(false);
    }
  }
});

describe('the command line, from its tarball in an empty folder', () => {
  let folder: string;
  let env: Awaited<ReturnType<typeof ownPorts>>;
  let up: Program;
  // With a path that begins by a dot, as a person types it: npx would run an absolute one as a program.
  const npx = (...args: string[]) =>
    ['npx', '--yes', '--prefer-offline', `./${basename(packed.cli)}`, ...args] as const;
  const get = async (path: string) => fetch(`http://127.0.0.1:${env.PORT}${path}`);
  const requests = async (app: string) =>
    (await (await get(`/api/requests?app=${app}`)).json()) as EndedRequest[];

  beforeAll(async () => {
    folder = await packed.folder('empty');
    await cp(packed.cli, join(folder, basename(packed.cli)));
    env = await ownPorts();
    up = startIn(folder, npx('up'), env);
    const isUp = () => up.output().includes('Ctrl+C stops it');
    await Promise.race([
      waitFor('the stack to run', isUp, { timeoutMs: START_TIMEOUT_MS }),
      up.exited.then(() => Promise.reject(new Error(`it ended:\n${up.output()}`))),
    ]);
  });
  afterAll(async () => {
    await runIn(folder, npx('stop'), env);
    await up.stop();
  });

  test('runs all services, with its data in that folder and advice that fits', async () => {
    expect((await stat(join(folder, '.llm-monitor', 'nats'))).isDirectory()).toBe(true);
    expect(up.output()).toContain('npx llm-monitor test');
    expect(await runIn(folder, npx('--version'), env)).toMatch(/^\d+\.\d+\.\d+\S*$/m);
    const status = await runIn(folder, npx('status'), env);
    for (const part of ['nats', 'redis', 'collector', 'api', 'web', 'agent', 'alerts']) {
      expect(status).toMatch(new RegExp(`^${part} +running +ok `, 'm'));
    }
  });

  test('serves the dashboard with its assets, and the documentation of its API', async () => {
    const page = await (await get('/')).text();
    const assets = [...page.matchAll(/(?:src|href)="(\/[^"]+)"/g)].map(([, path]) => path ?? '');
    expect(assets.length).toBeGreaterThan(1);
    for (const path of [...assets, '/docs', '/openapi.json']) {
      expect((await get(path)).status, path).toBe(200);
    }
  });

  test('brings its self-test and its demo', async () => {
    expect(await runIn(folder, npx('test'), env)).toContain('Everything works');
    expect(await runIn(folder, npx('demo', '--minutes', '0.02'), env)).toMatch(/\d+ completed/);
  });

  test('rebuilds its store, backs it up and restores it', async () => {
    expect(await runIn(folder, npx('rebuild'), env)).toMatch(/generation 2/i);
    expect(await runIn(folder, npx('backup', '--out', 'kept.gz'), env)).toMatch(
      /: [1-9]\d* calls? in/,
    );
    const restored = await runIn(folder, npx('restore', 'kept.gz', '--replace', '--yes'), env);
    expect(restored).toMatch(/Restored [1-9]\d* calls?\b/);
  });

  describe('and the client, installed beside ollama', () => {
    let app: string;
    const clientEnv = (name: string) => ({
      OLLAMA_HOST: fake.url,
      LLM_MONITOR_NATS_URL: `nats://127.0.0.1:${env.NATS_PORT}`,
      LLM_MONITOR_APP: name,
    });
    beforeAll(async () => {
      app = await packed.folder('app');
      await install(app, packed.client, 'ollama');
      await Promise.all(
        ['every-export.mjs', 'every-export.cjs', 'bare.mjs'].map((name) => copyProgram(name, app)),
      );
    });

    test.each(['mjs', 'cjs'])(
      'works with every export for a .%s program, and is seen',
      async (kind) => {
        const program = [process.execPath, `every-export.${kind}`] as const;
        const output = await runIn(app, program, clientEnv(`app-${kind}`));
        const { answers, instances, names } = JSON.parse(output) as Record<string, string[]>;
        expect(answers).toHaveLength(4);
        expect(new Set(answers)).toEqual(new Set(['The sky is blue because air scatters light.']));
        expect(instances).toEqual([true, true, true]);
        expect(names).toEqual(
          expect.arrayContaining(['createMonitor', 'trackRequest', 'withContext']),
        );
        await waitFor(
          'its calls to be kept',
          async () => (await requests(`app-${kind}`)).length === 4,
        );
      },
    );

    test.each(['--import', '--require'])(
      'sees a program that knows nothing of it by %s',
      async (flag) => {
        const name = `bare${flag.slice(1)}`;
        const program = [
          process.execPath,
          flag,
          '@llm-monitor/client/register',
          'bare.mjs',
        ] as const;
        const output = await runIn(app, program, clientEnv(name));
        expect(output).toBe(await runIn(app, [process.execPath, 'bare.mjs'], clientEnv(name)));
        await waitFor('its call to be kept', async () => (await requests(name)).length === 1);
      },
    );

    test.each(['mts', 'cts'])('has types that stand on their own in a .%s file', async (kind) => {
      await copyProgram('types.mts.txt', app, `types.${kind}`);
      const tsc = join(projectRoot(), 'node_modules/.bin/tsc');
      const options = ['--noEmit', '--strict', '--module', 'nodenext', '--target', 'es2023'];
      // The types of `ollama` need those of Node, which an app has of its own.
      const types = ['--typeRoots', join(projectRoot(), 'node_modules/@types'), '--types', 'node'];
      const check = [...options, ...types, '--skipLibCheck', 'false', `types.${kind}`];
      expect(await runIn(app, [tsc, ...check])).toBe('');
    });
  });
});

test('an installed command line starts and stops by npx', async () => {
  const folder = await packed.folder('installed');
  const env = await ownPorts();
  await install(folder, packed.cli);
  expect(await runIn(folder, ['npx', 'llm-monitor', 'start'], env)).toContain('LLM Monitor runs');
  try {
    const answer = await fetch(`http://127.0.0.1:${env.PORT}/api/status`);
    expect(await answer.json()).toMatchObject({ status: 'ok', version: '0.1.0' });
  } finally {
    expect(await runIn(folder, ['npx', 'llm-monitor', 'stop'], env)).toContain('Your data stay');
  }
});
