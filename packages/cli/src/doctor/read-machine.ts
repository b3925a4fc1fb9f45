import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

import type { Context } from '../context.ts';
import { dockerAnswers } from '../servers/docker.ts';
import { findProgram } from '../servers/find-program.ts';
import { findServer, type ServerName } from '../servers/obtain-servers.ts';
import { neededServers } from '../stack/plan-stack.ts';
import type { MachineReadings } from './judge-machine.ts';

const run = promisify(execFile);
const TIMEOUT_MS = 5000;

export async function readMachine(
  { env, isRoot }: Context,
  nodeVersion: string,
): Promise<MachineReadings> {
  const names: ServerName[] = ['nats', 'redis'];
  const found = await Promise.all(
    names.map(async (name) => {
      const path = findServer(name, env);
      return path === undefined ? [] : [[name, { path, version: await versionOf(path) }] as const];
    }),
  );
  const docker = findProgram(['docker'], env['PATH']);
  const hasBrew = findProgram(['brew'], env['PATH']) !== undefined;
  const hasApt = findProgram(['apt-get'], env['PATH']) !== undefined;
  return {
    nodeVersion,
    needed: neededServers(env),
    servers: Object.fromEntries(found.flat()),
    docker: docker === undefined ? 'absent' : (await dockerAnswers(docker)) ? 'answers' : 'silent',
    canInstall: hasBrew || (hasApt && isRoot),
  };
}

/** `nats-server: v2.9.10`, `Redis server v=7.0.15 sha=…`. */
async function versionOf(path: string): Promise<string | undefined> {
  try {
    const { stdout } = await run(path, ['--version'], { timeout: TIMEOUT_MS });
    return /v=?(\d+\.\d+\S*)/.exec(stdout)?.[1];
  } catch {
    return undefined;
  }
}
