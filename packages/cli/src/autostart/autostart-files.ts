import { homedir } from 'node:os';
import { dirname, join } from 'node:path';

import { CliError } from '../cli-error.ts';
import { LABEL, SERVICE, type AutostartSpec } from './autostart-spec.ts';
import { launchdAgent } from './launchd-agent.ts';
import { systemdUnit } from './systemd-unit.ts';

/** What starts programs at a login here, and the file by which it is told. */
export interface AutostartFile {
  system: 'systemd' | 'launchd';
  path: string;
  text: string;
  /** What has systemd start it: a link to the file. */
  link: string | undefined;
}

export const SYSTEMS = ['systemd', 'launchd'] as const;

/**
 * Decides where the file lies and what it says. Nobody but the user is asked: it is the user's own.
 * @throws {CliError} on a system that has neither
 */
export function autostartFile(
  spec: AutostartSpec,
  options: {
    env: Record<string, string | undefined>;
    platform: string;
    system?: AutostartFile['system'] | undefined;
  },
): AutostartFile {
  const { env, platform } = options;
  const system =
    options.system ??
    (platform === 'darwin' ? 'launchd' : platform === 'linux' ? 'systemd' : undefined);
  const home = env['HOME'] || homedir();
  if (system === 'launchd') {
    const path = join(home, 'Library', 'LaunchAgents', `${LABEL}.plist`);
    return { system, path, text: launchdAgent(spec), link: undefined };
  }
  if (system === 'systemd') {
    const folder = join(env['XDG_CONFIG_HOME'] || join(home, '.config'), 'systemd', 'user');
    const path = join(folder, `${SERVICE}.service`);
    const link = join(dirname(path), 'default.target.wants', `${SERVICE}.service`);
    return { system, path, text: systemdUnit(spec), link };
  }
  throw new CliError(`There is no autostart for ${platform}.`, {
    hint: 'It knows systemd (Linux) and launchd (macOS). Have your system run:  llm-monitor up',
  });
}
