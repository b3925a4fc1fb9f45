import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { parse } from 'plist';
import { describe, expect, test } from 'vitest';

import { autostartFile } from './autostart-files.ts';
import type { AutostartSpec } from './autostart-spec.ts';
import { launchdAgent } from './launchd-agent.ts';
import { systemdUnit } from './systemd-unit.ts';

const ODD = 'a "b" \\c & <d> 100% $HOME\nnext';
const spec: AutostartSpec = {
  command: [process.execPath, '/opt/llm monitor/100%/main.js', 'up'],
  folder: tmpdir(),
  env: { PATH: '/usr/bin', LLM_MONITOR_HOME: '/home/me/my data', LLM_MONITOR_TOKEN: ODD },
  logFile: '/home/me/my data/logs/autostart.log',
};

describe('a unit for systemd', () => {
  test('quotes what would mean something else', () => {
    const unit = systemdUnit(spec);
    expect(unit).toContain('"/opt/llm monitor/100%%/main.js" "up"');
    expect(unit).toContain('Environment="LLM_MONITOR_HOME=/home/me/my data"');
    expect(unit).toContain(
      String.raw`Environment="LLM_MONITOR_TOKEN=a \"b\" \\c & <d> 100%% $HOME\nnext"`,
    );
    expect(unit).toMatch(/^WantedBy=default\.target$/m);
    expect(systemdUnit({ ...spec, command: ['/bin/$x'] })).toContain('ExecStart="/bin/$$x"');
  });

  test('is one, as systemd itself says where it is at hand', async () => {
    const unit = systemdUnit({ ...spec, command: [process.execPath, '/x.js', 'up'] });
    expect(await faultsOf(unit)).toBe('');
    expect(await faultsOf(unit.replace('Type=exec', 'Type=never'))).not.toBe('');
  });
});

/** What `systemd-analyze` finds; where it is missing, lines that no unit of ours has. */
async function faultsOf(unit: string): Promise<string> {
  if (!existsSync('/usr/bin/systemd-analyze')) {
    const known = /^(#.*|\[\w+\]|(Type=exec|\w+=(?!never).*)|)$/;
    return unit
      .split('\n')
      .filter((line) => !known.test(line))
      .join('\n');
  }
  const folder = await mkdtemp(join(tmpdir(), 'unit-'));
  const path = join(folder, 'llm-monitor.service');
  await writeFile(path, unit);
  const env = { ...process.env, XDG_RUNTIME_DIR: folder };
  try {
    const args = ['--user', 'verify', path];
    return (await promisify(execFile)('systemd-analyze', args, { env })).stderr;
  } catch (error) {
    return (error as Error).message;
  } finally {
    await rm(folder, { recursive: true });
  }
}

test('an agent for launchd is a property list with the same in it', () => {
  expect(parse(launchdAgent(spec))).toMatchObject({
    Label: 'local.llm-monitor',
    ProgramArguments: [...spec.command],
    EnvironmentVariables: spec.env,
    RunAtLoad: true,
    KeepAlive: { SuccessfulExit: false },
    Umask: 0o077,
    StandardErrorPath: spec.logFile,
  });
});

test('each system has a place for it, and others are told what to do', () => {
  const env = { HOME: '/home/me' };
  expect(autostartFile(spec, { env, platform: 'linux' })).toMatchObject({
    path: '/home/me/.config/systemd/user/llm-monitor.service',
    link: '/home/me/.config/systemd/user/default.target.wants/llm-monitor.service',
  });
  expect(
    autostartFile(spec, { env: { ...env, XDG_CONFIG_HOME: '/x' }, platform: 'linux' }).path,
  ).toBe('/x/systemd/user/llm-monitor.service');
  expect(autostartFile(spec, { env, platform: 'darwin' })).toMatchObject({
    path: '/home/me/Library/LaunchAgents/local.llm-monitor.plist',
    link: undefined,
  });
  expect(() => autostartFile(spec, { env, platform: 'win32' })).toThrow('no autostart for win32');
});
