import { execFileSync } from 'node:child_process';
import { access, lstat, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { createMonitor } from '@llm-monitor/client';
import { Ollama } from '@llm-monitor/client/ollama';
import type { EndedRequest } from '@llm-monitor/contracts/rest';
import { parse } from 'csv-parse/sync';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { startFakeOllama, type RunningFakeOllama } from '../helpers/fake-ollama.ts';
import { projectRoot } from '../helpers/project-root.ts';
import { createCli, type Cli } from '../helpers/run-cli.ts';
import type { Program } from '../helpers/start-program.ts';
import { waitFor } from '../helpers/wait-for.ts';

const MAIN = join(projectRoot(), 'packages/cli/dist/main.js');
const EVIL = '\u001b[2J\u001b]0;owned\u0007 say "hi",\n日本';

let cli: Cli;
let fake: RunningFakeOllama;
let natsUrl: string;
/** The home folder of somebody. */
let user: string;

beforeAll(async () => {
  fake = await startFakeOllama({ models: ['mistral'] });
  user = await mkdtemp(join(tmpdir(), 'user-'));
  cli = await createCli({ env: { OLLAMA_URL: fake.url, HOME: user, XDG_CONFIG_HOME: '' } });
  natsUrl = `nats://127.0.0.1:${cli.natsPort}`;
  await cli.run('start');
});
afterAll(async () => {
  await cli?.remove();
  await fake?.close();
  await rm(user, { recursive: true, force: true });
});

/** Calls of one app, through the drop-in. A call of the model `missing` fails. */
async function call(app: string, ...calls: { model: string; prompt: string }[]): Promise<void> {
  const monitor = createMonitor({ app, natsUrl });
  const ollama = new Ollama({ host: fake.url, monitor });
  for (const { model, prompt } of calls) {
    await ollama.generate({ model, prompt }).catch(() => undefined);
  }
  await monitor.close();
}

async function queried(...args: string[]): Promise<EndedRequest[]> {
  const { code, stdout, output } = await cli.run('query', '--json', ...args);
  expect({ code, output }).toMatchObject({ code: 0 });
  return JSON.parse(stdout) as EndedRequest[];
}

describe('query and export', () => {
  beforeAll(async () => {
    await call('first', ...['a', 'b', 'c'].map((prompt) => ({ model: 'mistral', prompt })));
    await call('second', { model: 'missing', prompt: 'gone' }, { model: 'mistral', prompt: EVIL });
    await waitFor('the calls to be kept', async () => (await queried()).length === 5);
  });

  test('give the newest calls first, up to the limit', async () => {
    expect((await queried()).map(({ app }) => app)).toEqual([
      ...['second', 'second', 'first', 'first', 'first'],
    ]);
    expect((await queried('--app', 'first', '--limit', '2')).map(({ prompt }) => prompt)).toEqual([
      ...['c', 'b'],
    ]);
    expect(await queried('--status', 'failed,timeout')).toMatchObject([{ model: 'missing' }]);
    expect(await queried('--search', 'GONE', '--range', '1h', '--model', 'missing')).toHaveLength(
      1,
    );
    expect(await queried('--until', '2020-01-01')).toEqual([]);
  });

  test('show a table in which no prompt steers the terminal, and one call in full', async () => {
    const { code, stdout, output } = await cli.run('query', '-n', '2');
    expect(code).toBe(0);
    expect(stdout).toMatch(/completed +second +mistral .* say "hi", 日本/);
    expect(stdout).toMatch(/failed +second +missing .* gone/);
    expect(output).toContain('--limit 20');
    // eslint-disable-next-line no-control-regex
    expect(output).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/);
    const id = /[0-9a-f-]{36}/.exec(stdout)?.[0] ?? '';
    const one = await cli.run('query', id);
    expect(one.stdout).toMatch(new RegExp(`^id +${id}$`, 'm'));
    expect(one.stdout).toContain('�]0;owned� say "hi",\n日本');
    expect(one.stdout).not.toContain('\u001b');
    expect(await cli.run('query', 'no-such-call')).toMatchObject({
      ...{ code: 1, output: expect.stringContaining('No such request') },
    });
  });

  test('are CSV with whole records, as many as were asked for', async () => {
    const { stdout } = await cli.run('query', '--csv', '--limit', '2');
    const records: Record<string, string>[] = parse(stdout, { columns: true });
    expect(records.map(({ model }) => model)).toEqual(['mistral', 'missing']);
    expect(records[0]?.['prompt']).toContain('say "hi",\n日本');
  });

  test('stream into a file that is whole, and is not overwritten by accident', async () => {
    const path = join(cli.home, 'calls.ndjson');
    const args = ['export', 'requests', '--format', 'ndjson', '--out', path] as const;
    const { code, stdout, output } = await cli.run(...args);
    expect({ code, stdout }).toEqual({ code: 0, stdout: '' });
    expect(output).toContain(`Wrote ${path}`);
    const lines = (await readFile(path, 'utf8')).trimEnd().split('\n');
    expect(lines.map((line) => (JSON.parse(line) as EndedRequest).app)).toHaveLength(5);
    expect(await cli.run(...args)).toMatchObject({ code: 1 });
    expect(await cli.run(...args, '--app', 'second', '--overwrite')).toMatchObject({ code: 0 });
    expect((await readFile(path, 'utf8')).trimEnd().split('\n')).toHaveLength(2);
    const piped = await cli.run('export', 'requests', '--format', 'json', '--app', 'first');
    expect(JSON.parse(piped.stdout)).toHaveLength(3);
    const cut = `'${process.execPath}' '${MAIN}' export requests --format ndjson | head -c 1; echo " \${PIPESTATUS[0]}"`;
    const env = { ...process.env, LLM_MONITOR_HOME: cli.home };
    expect(execFileSync('bash', ['-c', cut], { env, encoding: 'utf8' })).toBe('{ 0\n');
    const full = cut.replace(
      '| head -c 1; echo " ${PIPESTATUS[0]}"',
      '2>&1 >/dev/full; echo " $?"',
    );
    expect(execFileSync('bash', ['-c', full], { env, encoding: 'utf8' })).toMatch(
      /^✗ Not all of the output could be written: ENOSPC: no space left on device, write\.\nGive room [^\n]*\n 1\n$/,
    );
    await rm(path);
  });

  test('say so and leave nothing when a file breaks off', async () => {
    const breaking = createServer((_request, response) => {
      response.write('[\n{"id":"1"}');
      setImmediate(() => response.destroy());
    });
    await new Promise<void>((resolve) => breaking.listen(0, '127.0.0.1', resolve));
    const { port } = breaking.address() as { port: number };
    const there = await createCli({ env: { LLM_MONITOR_URL: `http://127.0.0.1:${port}` } });
    const path = join(there.home, 'calls.json');
    await writeFile(path, 'before');
    const { code, output } = await there.run(
      ...['export', 'requests', '--format', 'json', '--overwrite', '--out', path],
    );
    expect(code).toBe(1);
    expect(output).toContain('broke off before its end');
    expect(await readdir(there.home)).toEqual(['calls.json']);
    expect(await readFile(path, 'utf8')).toBe('before');
    await there.remove();
    breaking.close();
  });
});

describe('doctor', () => {
  test('finds nothing wrong with a stack that is well, and says what it looked at', async () => {
    const { code, stdout } = await cli.run('doctor');
    expect({ code, stdout }).toMatchObject({ code: 0 });
    for (const looked of ['Node.js', 'Data folder', 'Disk', 'Settings', 'collector', 'Clients']) {
      expect(stdout).toMatch(new RegExp(`^✓ ${looked} `, 'm'));
    }
    expect(stdout).toMatch(/^✓ Ollama +0\.12\.0 at 127\.0\.0\.1:\d+, 1 model$/m);
    expect(stdout).toMatch(/^✓ Proxy .*, Ollama 0\.12\.0 behind it$/m);
    expect(stdout).toMatch(/^✓ Redis memory +\d+ MiB of 1\.0 GiB$/m);
  });

  test('tells of what is wrong, as JSON too, and ends with 1', async () => {
    const { webPort, natsPort } = cli;
    const env = { LLM_MONITOR_TOKN: 'x', RETENTION_DAYS: 'for ever', OLLAMA_HOST: '0.0.0.0' };
    const other = await createCli({ webPort, natsPort, env });
    const { code, stdout } = await other.run('doctor', '--json');
    await other.remove();
    expect(code).toBe(1);
    const { ok, findings } = JSON.parse(stdout) as {
      ok: boolean;
      findings: { level: string; subject: string; detail: string; fix?: string }[];
    };
    expect(ok).toBe(false);
    const bad = findings.filter(({ level }) => level === 'problem');
    expect(bad.map(({ subject }) => subject)).toEqual(
      expect.arrayContaining([`Port ${webPort}`, `Port ${natsPort}`]),
    );
    expect(findings).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ level: 'warning', fix: 'Did you mean LLM_MONITOR_TOKEN?' }),
        expect.objectContaining({ level: 'warning', subject: 'OLLAMA_HOST' }),
        expect.objectContaining({ level: 'note', subject: 'LLM Monitor' }),
        expect.objectContaining({ detail: expect.stringContaining('RETENTION_DAYS must be') }),
      ]),
    );
  });
});

describe('tail', () => {
  const followers: Program[] = [];
  afterAll(() => Promise.all(followers.map((follower) => follower.stop())));

  /** Follows, and hears what is published from now on. */
  async function follow(...args: string[]): Promise<Program> {
    const follower = cli.start('tail', ...args);
    followers.push(follower);
    await waitFor('the listener', () => follower.output().includes('Listening to'));
    return follower;
  }

  test('follows what was asked for, as lines or as JSON, and ends well', async () => {
    const [lines, json] = await Promise.all([follow(), follow('--json', '--failed')]);
    await call('tailed', { model: 'mistral', prompt: EVIL }, { model: 'missing', prompt: 'gone' });
    await waitFor('the lines', () => /failed +tailed/.test(lines.stdout()));
    await waitFor('the JSON', () => json.stdout().includes('"tailed"'));
    expect(lines.stdout()).toMatch(/started +tailed +mistral +say "hi", 日本\n/);
    expect(lines.stdout()).toMatch(/completed +tailed +mistral +\d+\.\d\d s {2}\d+ tokens/);
    expect(lines.stdout()).toMatch(
      /failed +tailed +missing +\d+\.\d\d s {2}error {2}ResponseError model 'missing' not found/,
    );
    // eslint-disable-next-line no-control-regex
    expect(lines.stdout()).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/);
    const events = json
      .stdout()
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as { data: { app: string; model: string } });
    const mine = events.filter(({ data }) => data.app === 'tailed');
    expect(mine.map(({ data }) => data.model)).toEqual(['missing']);
    lines.signal('SIGINT');
    json.signal('SIGTERM');
    expect(await Promise.all([lines.exited, json.exited])).toEqual([0, 0]);
  });

  test('narrows to an app, and goes on after NATS was away', async () => {
    const follower = await follow('--app', 'follow', '--kind', 'failed,completed');
    process.kill((await cli.part('nats')).pid, 'SIGKILL');
    await waitFor('it to say so', () => follower.output().includes('NATS is away'));
    await waitFor('it to be back', () => follower.output().includes('NATS is back'), {
      timeoutMs: 30_000,
    });
    await call('other', { model: 'mistral', prompt: 'not for you' });
    await call('follow', { model: 'mistral', prompt: 'for you' });
    await waitFor('the call', () => /completed +follow/.test(follower.stdout()));
    expect(follower.stdout()).not.toContain('other');
  });

  test('says what to do when nothing can be reached', async () => {
    const alone = await createCli({ env: { LLM_MONITOR_NATS_URL: 'nats://127.0.0.1:1' } });
    const { code, output } = await alone.run('tail');
    expect(code).toBe(1);
    expect(output).toContain('No NATS can be reached at nats://127.0.0.1:1');
    expect(output).toContain('LLM_MONITOR_NATS_URL');
    await alone.remove();
  });
});

describe('autostart and uninstall', () => {
  const unit = () => join(user, '.config/systemd/user/llm-monitor.service');
  const link = () => join(user, '.config/systemd/user/default.target.wants/llm-monitor.service');

  test('write a unit of the user that runs what runs now, and take it away again', async () => {
    expect(await cli.run('autostart')).toMatchObject({ code: 3 });
    const installed = await cli.run('autostart', 'install');
    expect(installed).toMatchObject({ code: 0, output: expect.stringContaining(unit()) });
    expect(installed.output).toContain('autostart remove');
    const text = await readFile(unit(), 'utf8');
    expect(text).toContain(`Environment="LLM_MONITOR_HOME=${cli.home}"`);
    expect(text).toContain(`Environment="PORT=${cli.webPort}"`);
    expect(text).toMatch(/^ExecStart="\S*node" "\S+\/packages\/cli\/dist\/main\.js" "up"$/m);
    expect((await lstat(unit())).mode & 0o777).toBe(0o600);
    expect((await lstat(link())).isSymbolicLink()).toBe(true);
    expect((await cli.run('autostart', 'install', '--print')).stdout).toBe(text);
    expect(await cli.run('autostart', 'status')).toMatchObject({ code: 0 });
    expect(await cli.run('autostart', 'remove')).toMatchObject({ code: 0 });
    await expect(lstat(link())).rejects.toThrow('ENOENT');
    await expect(access(unit())).rejects.toThrow('ENOENT');
  });

  test('keep data unless somebody says so, and never what is not their own', async () => {
    await cli.run('autostart', 'install');
    const unasked = await cli.run('uninstall');
    expect(unasked).toMatchObject({ code: 1, output: expect.stringContaining('--keep-data') });
    expect(await cli.run('status')).toMatchObject({ code: 0 });
    const kept = await cli.run('uninstall', '--keep-data');
    expect(kept).toMatchObject({ code: 0, output: expect.stringContaining('Your data stay') });
    expect(await cli.run('status')).toMatchObject({ code: 3 });
    await expect(access(unit())).rejects.toThrow('ENOENT');
    await access(join(cli.home, 'redis', 'appendonlydir'));
    await writeFile(join(cli.home, 'letter.txt'), 'mine');
    const removed = await cli.run('uninstall', '--yes');
    expect(removed.output).toMatch(/Not its own, so it stays: .*letter\.txt/);
    expect(await readdir(cli.home)).toEqual(['letter.txt']);
    await rm(join(cli.home, 'letter.txt'));
    expect(await cli.run('uninstall', '--yes')).toMatchObject({ code: 0 });
    await expect(access(cli.home)).rejects.toThrow('ENOENT');
  });
});
