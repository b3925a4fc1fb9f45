import { isAtLeast } from '../servers/is-at-least.ts';
import { risksOfNats, WITHOUT_NATS_RISKS } from '../servers/nats-risks.ts';
import { explainMissing, type ServerName } from '../servers/obtain-servers.ts';
import { note, ok, problem, warning, type Finding } from './finding.ts';

const LEAST_NODE = [20, 19] as const;
const LEAST_REDIS = [7, 0] as const;

/** What is installed. */
export interface MachineReadings {
  nodeVersion: string;
  /** Servers that this stack starts itself. */
  needed: readonly ServerName[];
  servers: Partial<Record<ServerName, { path: string; version: string | undefined }>>;
  docker: 'absent' | 'silent' | 'answers';
  /** A start may install what is missing. */
  canInstall: boolean;
}

export function judgeMachine(readings: MachineReadings): Finding[] {
  return [judgeNode(readings.nodeVersion), ...judgeServers(readings), judgeDocker(readings)];
}

function judgeNode(version: string): Finding {
  if (isAtLeast(version, LEAST_NODE)) return ok('Node.js', version);
  return problem('Node.js', `${version} is too old.`, 'Install 20.19 or newer: https://nodejs.org');
}

function judgeServers({ needed, servers, docker, canInstall }: MachineReadings): Finding[] {
  return (['nats', 'redis'] as const).map((name) => {
    const title = name === 'nats' ? 'NATS server' : 'Redis server';
    const server = servers[name];
    if (!needed.includes(name)) {
      return note(title, `${name.toUpperCase()}_URL names one, so none is started here.`);
    }
    if (server) return name === 'nats' ? judgeNats(title, server) : judgeRedis(title, server);
    if (docker === 'answers') return ok(title, 'not installed: it runs in a container');
    const [message, { hint }] = explainMissing([name]);
    if (canInstall) return note(title, 'not installed; the next start tries to install it.');
    return problem(title, message, hint);
  });
}

type Server = { path: string; version: string | undefined };

function judgeNats(title: string, { path, version }: Server): Finding {
  if (version === undefined) return warning(title, `${path} does not say its version.`);
  const risks = risksOfNats(version);
  if (risks.length === 0) return ok(title, `${version} at ${path}`);
  return note(title, `${version} at ${path}: ${risks.join(', and ')}.`, WITHOUT_NATS_RISKS);
}

function judgeRedis(title: string, { path, version }: Server): Finding {
  if (version === undefined) return warning(title, `${path} does not say its version.`);
  if (isAtLeast(version, LEAST_REDIS)) return ok(title, `${version} at ${path}`);
  return problem(
    title,
    `${version} at ${path} is too old.`,
    'Install 7.0 or newer; REDIS_SERVER names another program, or docker.',
  );
}

function judgeDocker({ docker, needed, servers }: MachineReadings): Finding {
  const isNeeded = needed.some((name) => !servers[name]);
  if (docker === 'answers') return ok('Docker', isNeeded ? 'answers' : 'answers; it is not needed');
  if (docker === 'absent') return ok('Docker', 'absent; it is not needed');
  const detail = 'it is installed, but its engine does not answer.';
  return isNeeded
    ? warning('Docker', detail, 'Start it, and see that you may use it:  docker info')
    : note('Docker', `${detail} It is not needed.`);
}
