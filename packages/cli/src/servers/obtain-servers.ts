import { CliError } from '../cli-error.ts';
import { dockerAnswers } from './docker.ts';
import { findProgram } from './find-program.ts';
import { installPrograms, type Installable } from './install-programs.ts';

/** How a server can be run: a program of this machine, or a container. */
export type ServerSource = { kind: 'program'; path: string } | { kind: 'docker'; docker: string };

interface Wanted extends Installable {
  programs: readonly string[];
  title: string;
}

const SERVERS = {
  nats: { title: 'NATS', programs: ['nats-server'], apt: 'nats-server', brew: 'nats-server' },
  redis: {
    title: 'Redis',
    programs: ['redis-server', 'valkey-server'],
    apt: 'redis-server',
    brew: 'redis',
  },
} as const satisfies Record<string, Wanted>;

export type ServerName = keyof typeof SERVERS;

/**
 * Finds the servers that are needed; installs them where it may; else looks for Docker.
 * `NATS_SERVER` and `REDIS_SERVER` name programs that are not on the PATH, or say `docker`.
 * @throws {CliError} that says what to install
 */
export async function obtainServers(
  names: readonly ServerName[],
  options: { env: Record<string, string | undefined>; isRoot: boolean; say(text: string): void },
): Promise<Map<ServerName, ServerSource>> {
  const { env } = options;
  const sources = new Map<ServerName, ServerSource>();
  const look = () => {
    for (const name of names) {
      const path = findNamed(name, env);
      if (path) sources.set(name, { kind: 'program', path });
    }
    return names.filter((name) => !sources.has(name));
  };
  let missing = look();
  const installable = missing.filter((name) => !wantsDocker(name, env));
  if (installable.length > 0) {
    const wanted = installable.map((name) => SERVERS[name]);
    if (await installPrograms(wanted, { ...options, path: env['PATH'] })) missing = look();
  }
  if (missing.length === 0) return sources;
  const docker = findProgram(['docker'], env['PATH']);
  if (!docker || !(await dockerAnswers(docker))) throw new CliError(...explainMissing(missing));
  for (const name of missing) sources.set(name, { kind: 'docker', docker });
  return sources;
}

/** The program of a server, if it is on this machine and no container is asked for. */
export function findServer(
  name: ServerName,
  env: Record<string, string | undefined>,
): string | undefined {
  if (wantsDocker(name, env)) return undefined;
  const given = env[variableOf(name)];
  return findProgram(given ? [given] : SERVERS[name].programs, env['PATH']);
}

/** @throws {CliError} when a variable names a program that is not there */
export function assertServersKnown(
  names: readonly ServerName[],
  env: Record<string, string | undefined>,
): void {
  for (const name of names) findNamed(name, env);
}

function findNamed(name: ServerName, env: Record<string, string | undefined>): string | undefined {
  if (wantsDocker(name, env)) return undefined;
  const given = env[variableOf(name)];
  if (!given) return findProgram(SERVERS[name].programs, env['PATH']);
  const path = findProgram([given], env['PATH']);
  if (path) return path;
  throw new CliError(`${variableOf(name)} is ${given}, but there is no such program.`, {
    hint: `Name the path of one, or docker; without ${variableOf(name)} it is looked for.`,
  });
}

function wantsDocker(name: ServerName, env: Record<string, string | undefined>): boolean {
  return env[variableOf(name)] === 'docker';
}

function variableOf(name: ServerName): string {
  return `${name.toUpperCase()}_SERVER`;
}

/** The one message about servers that could neither be found nor installed. */
export function explainMissing(missing: readonly ServerName[]): [string, { hint: string }] {
  const titles = missing.map((name) => SERVERS[name].title).join(' and ');
  const apt = missing.map((name) => SERVERS[name].apt).join(' ');
  const brew = missing.map((name) => SERVERS[name].brew).join(' ');
  const urls = missing.map((name) => `${name.toUpperCase()}_URL`).join(' and ');
  return [
    `${titles} ${missing.length > 1 ? 'are' : 'is'} not on this machine, and could not be installed.`,
    {
      hint: [
        'Do one of these, then start again:',
        `  sudo apt-get install ${apt}     (Debian, Ubuntu)`,
        `  brew install ${brew}     (macOS)`,
        '  start Docker: then both run in containers',
        `  set ${urls} to servers that you have`,
      ].join('\n'),
    },
  ];
}
