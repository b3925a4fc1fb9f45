import { access, readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';

import { createMonitor } from '@llm-monitor/client';
import { Ollama } from '@llm-monitor/client/ollama';
import type { EndedRequest } from '@llm-monitor/contracts/rest';
import { createFakeOllama } from '@llm-monitor/fake-ollama';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { createCli, type Cli } from '../helpers/run-cli.ts';
import { waitFor } from '../helpers/wait-for.ts';

const PARTS = ['nats', 'redis', 'collector', 'api', 'web', 'agent', 'alerts'];

describe('the command line', () => {
  let cli: Cli;
  beforeAll(async () => {
    cli = await createCli();
  });
  afterAll(() => cli.remove());

  test('says that it does not run', async () => {
    const status = await cli.run('status');
    expect(status).toMatchObject({ code: 3, output: expect.stringContaining('does not run') });
    const stop = await cli.run('stop');
    expect(stop).toMatchObject({ code: 0, output: expect.stringContaining('does not run') });
    const selfTest = await cli.run('test');
    expect(selfTest).toMatchObject({ code: 1, output: expect.stringContaining('start') });
  });

  test('starts in the background and answers when it says so', async () => {
    const { code, output } = await cli.run('start');
    expect({ code, output }).toMatchObject({ code: 0 });
    expect(output).toContain(`http://localhost:${cli.webPort}`);
    expect(output).toContain(`nats://127.0.0.1:${cli.natsPort}`);
    expect(output).toContain('README.md, "Your first call"');
    expect(output).toContain(`OLLAMA_HOST=127.0.0.1:${cli.proxyPort} python app.py`);
    expect((await fetch(`${cli.url}/api/status`)).status).toBe(200);
  });

  test('shows each part with its health and memory, and the figures', async () => {
    const { code, output } = await cli.run('status');
    expect(code).toBe(0);
    for (const part of PARTS) {
      expect(output).toMatch(new RegExp(`^${part} +running +ok +\\d+ +\\d+ MiB +\\d+ s +0$`, 'm'));
    }
    expect(output).toContain('active 0   total 0   failed 0   tokens 0');
    expect(output).toContain(`OLLAMA_HOST=127.0.0.1:${cli.proxyPort} python app.py`);
  });

  test('tests the pipeline with a call that stays out of the totals', async () => {
    const { code, output } = await cli.run('test');
    expect({ code, output }).toMatchObject({ code: 0 });
    expect(output.match(/✓/g)).toHaveLength(5);
    expect(await requests()).toEqual([]);
    expect(await requests('demo=only')).toHaveLength(1);
  });

  test('shows what fires, and takes rules out to a file and in again', async () => {
    expect(await cli.run('alerts')).toMatchObject({ code: 0, output: 'Nothing fires.\n' });
    const file = join(cli.home, 'rules.yaml');
    expect((await cli.run('alerts', 'rules', 'export', file)).code).toBe(0);
    const again = await cli.run('alerts', 'rules', 'export', file);
    expect(again).toMatchObject({ code: 1, output: expect.stringContaining('is there already') });
    const yaml = await readFile(file, 'utf8');
    await writeFile(file, yaml.replace('severity: critical', 'severity: deadly'));
    const wrong = await cli.run('alerts', 'rules', 'import', file);
    expect(wrong.code).toBe(1);
    expect(wrong.output).toContain('severity must be info, warning or critical');
  });

  test('does not start twice', async () => {
    const pid = await cli.supervisorPid();
    const again = await cli.run('start');
    expect(again.code).toBe(0);
    expect(again.output).toContain(`already runs at http://localhost:${cli.webPort} (pid ${pid})`);
    const elsewhere = await cli.run('start', String(cli.webPort + 1));
    expect(elsewhere.code).toBe(1);
    expect(elsewhere.output).toContain(`restart ${cli.webPort + 1}`);
  });

  test('finds out what a restart would fail at before it stops anything', async () => {
    const pid = await cli.supervisorPid();
    const { home, webPort, natsPort } = cli;
    const taken = createServer();
    await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
    const { port } = taken.address() as { port: number };
    const withEnv = async (env: Record<string, string>, ...args: string[]) =>
      (await createCli({ home, webPort, natsPort, env })).run('restart', ...args);
    const runs = await Promise.all([
      withEnv({}, String(port)),
      withEnv({ PROXIES: `${port}=http://127.0.0.1:1` }),
      withEnv({ RATE_LIMIT: 'many', REDIS_SHARDS: '0' }),
      withEnv({ REDIS_MAXMEMORY: 'much' }),
      withEnv({ NATS_SERVER: '/no/such/program' }),
    ]);
    taken.close();
    expect(runs.map(({ code }) => code)).toEqual([1, 1, 1, 1, 1]);
    const outputs = runs.map(({ output }) => output);
    expect(outputs[0]).toContain(`Port ${port} is taken`);
    expect(outputs[1]).toContain(`Port ${port} of PROXIES is taken`);
    expect(outputs[2]).toContain('REDIS_SHARDS must be');
    expect(outputs[3]).toContain('REDIS_MAXMEMORY is "much"');
    expect(outputs[4]).toContain('there is no such program');
    expect(await cli.supervisorPid()).toBe(pid);
    expect(isAlive(pid)).toBe(true);
  });

  test('starts a collector again that was killed, and goes on collecting', async () => {
    const before = await cli.part('collector');
    process.kill(before.pid, 'SIGKILL');
    const after = await waitFor('another collector', async () => {
      const part = await cli.part('collector');
      return part.pid !== before.pid && part;
    });
    expect(after.restarts).toBe(1);
    const { code, output } = await cli.run('test');
    expect({ code, output }).toMatchObject({ code: 0 });
  });

  test('keeps what was collected over stop and start', async () => {
    const id = await makeCall();
    const pids = await Promise.all(PARTS.map(async (part) => (await cli.part(part)).pid));
    expect(await cli.run('stop')).toMatchObject({ code: 0 });
    expect([...pids].filter(isAlive)).toEqual([]);
    expect(await cli.run('stop')).toMatchObject({ code: 0 });
    // Nothing names its port: it is that of the last run.
    const { home, webPort, natsPort, proxyPort } = cli;
    const env = { PORT: '', PROXY_LISTEN: `127.0.0.1:${proxyPort}` };
    const unnamed = await createCli({ home, webPort, natsPort, env });
    const restarted = await unnamed.run('restart');
    expect(restarted, restarted.output).toMatchObject({ code: 0 });
    expect(restarted.output).toContain(`http://localhost:${webPort}`);
    // `llm-monitor restart | head`: whoever read what it says has left before it says anything.
    const before = await cli.supervisorPid();
    const unread = cli.start('restart');
    unread.closeOutput();
    expect(await unread.exited).toBe(0);
    expect(await cli.supervisorPid()).not.toBe(before);
    expect(await cli.run('status')).toMatchObject({ code: 0 });
    expect(await requests()).toMatchObject([{ id, status: 'completed' }]);
  });

  test('ends what a killed supervisor left behind, and starts with its data', async () => {
    const left = (await cli.part('nats')).pid;
    const supervisor = await cli.supervisorPid();
    process.kill(supervisor, 'SIGKILL');
    await waitFor('the supervisor to be gone', () => !isAlive(supervisor));
    expect(isAlive(left)).toBe(true);
    expect((await cli.run('status')).output).toContain('stale PID file');
    const { code, output } = await cli.run('start');
    expect({ code, output }).toMatchObject({ code: 0 });
    expect(output).toContain('Removed a stale PID file');
    expect(output).toContain('Ended what it had left behind');
    // Ended it is; who adopted it may take a moment to take note.
    await waitFor('what it had left behind to be gone', () => !isAlive(left));
    expect(await requests()).toHaveLength(1);
  });

  test('refuses a port that another holds, or a wrong setting, and says in plain words what to do', async () => {
    const web = await createCli({ webPort: cli.webPort });
    const nats = await createCli({ natsPort: cli.natsPort });
    const odd = await createCli({ env: { RATE_LIMIT: 'many' } });
    const all = [web, nats, odd];
    const [webTaken, natsTaken, oddLimit] = await Promise.all(all.map((one) => one.run('start')));
    await Promise.all(all.map((one) => one.remove()));
    if (!webTaken || !natsTaken || !oddLimit) throw new Error('they did not run');
    expect(oddLimit.code).toBe(1);
    expect(oddLimit.output).toContain('\n  RATE_LIMIT must be integer (it is "many")\n');
    // Both read it: whichever says so first.
    expect(oddLimit.output).toMatch(/\.\/llm-monitor logs (api|web)\n/);
    expect(oddLimit.output).not.toContain('"level"');
    expect(webTaken.code).toBe(1);
    expect(webTaken.output).toMatch(new RegExp(`Port ${cli.webPort} is taken.*\\n.*start \\d+`));
    expect(natsTaken.code).toBe(1);
    expect(natsTaken.output).toContain('NATS_PORT=');
    expect(natsTaken.output).toContain(`NATS_URL=nats://127.0.0.1:${cli.natsPort}`);
  });

  test('shows the logs of its parts', async () => {
    const all = await cli.run('logs', '-n', '2');
    expect(all.code).toBe(0);
    for (const part of PARTS) expect(all.output).toMatch(new RegExp(`^${part} `, 'm'));
    const wrong = await cli.run('logs', 'webb');
    expect(wrong).toMatchObject({ code: 1, output: expect.stringContaining('There are: agent') });
  });

  test('removes data only when it does not run, and only when told so', async () => {
    expect(await cli.run('cleanup', '--data', '--yes')).toMatchObject({
      code: 1,
      output: expect.stringContaining('./llm-monitor stop'),
    });
    await cli.run('stop');
    expect(await cli.run('cleanup', '--data')).toMatchObject({ code: 1 });
    await access(join(cli.home, 'redis', 'appendonlydir'));
    expect(await cli.run('cleanup', '--data', '--yes')).toMatchObject({ code: 0 });
    await expect(access(join(cli.home, 'redis'))).rejects.toThrow('ENOENT');
  });

  test('runs in the foreground until a signal, and leaves nothing behind', async () => {
    const up = cli.start('up');
    await waitFor('the stack to run', () => up.output().includes('LLM Monitor runs'), {
      timeoutMs: 30_000,
    });
    const pids = await Promise.all(PARTS.map(async (part) => (await cli.part(part)).pid));
    up.signal('SIGINT');
    expect(await up.exited).toBe(0);
    expect(up.output()).toContain('Stopped. Your data stay.');
    expect([...pids].filter(isAlive)).toEqual([]);
    expect(await cli.run('status')).toMatchObject({ code: 3 });
  });

  test.each([
    [['statsu'], 'Did you mean status?'],
    [['start', '99999'], 'A port is a number from 1 to 65535.'],
    [['logs', '-n', 'many'], 'It must be 1 or more.'],
    [['help', 'bogus'], "unknown command 'bogus'"],
    [['credentials', 'add', ' '], '" " is no name.'],
    [['credentials', 'add', 'shop\nX=1'], '"shop\\nX=1" is no name.'],
    [['proxy', '--listen', 'here'], 'The proxy cannot listen on "here"'],
    [['proxy', '--upstream', 'ftp://gpu'], '--upstream is "ftp://gpu"'],
  ])('says what is wrong with %j', async (args, message) => {
    const { code, output } = await cli.run(...args);
    expect(code).toBe(1);
    expect(output).toContain(message);
  });

  async function requests(query = ''): Promise<EndedRequest[]> {
    return (await (await fetch(`${cli.url}/api/requests?${query}`)).json()) as EndedRequest[];
  }

  /** One call of an app through the drop-in. @returns its id once it is kept */
  async function makeCall(): Promise<string> {
    const fake = createFakeOllama();
    const natsUrl = `nats://127.0.0.1:${cli.natsPort}`;
    const monitor = createMonitor({ app: 'cli-test', natsUrl });
    const ollama = new Ollama({ host: await fake.listen(), monitor });
    await ollama.generate({ model: 'mistral', prompt: 'Will you remember me?' });
    await monitor.close();
    await fake.close();
    return await waitFor('the call to be kept', async () => (await requests())[0]?.id);
  }
});

test('a port that is taken by something else is named with its holder', async () => {
  const server = createServer();
  const cli = await createCli();
  await new Promise<void>((resolve) => server.listen(cli.webPort, '127.0.0.1', resolve));
  const { code, output } = await cli.run('start');
  server.close();
  await cli.remove();
  expect(code).toBe(1);
  expect(output).toContain(`Port ${cli.webPort} is taken`);
  expect(output).toContain(`pid ${process.pid}`);
});

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
