import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';

import { ROOT } from '../run.mjs';

const HOST = '127.0.0.1';
const NATS_NODES = 3;
const REDIS_NODES = 6;
/** NATS clients and routes, Redis clients and bus. */
export const PORTS_NEEDED = 2 * NATS_NODES + 2 * REDIS_NODES;

/**
 * How many shards: each is one slot of the cluster, and wherever a slot lies, it lies. With 13 the equal parts of three primaries
 * hold 4, 4 and 5 of them; with 3, 6 or 12 they hold 0 to 5. See docs/scaling.md.
 */
export const SHARDS = 13;

/**
 * Decides on ports, folders and command lines. Starts nothing.
 * @param {{ folder: string, firstPort: number, nodeTimeoutMs: number, env: Record<string, string | undefined> }} options
 * @returns {{ parts: Part[], redisCli: string, env: Record<string, string> }}
 * @typedef {{ name: string, command: string, args: string[], port: number }} Part
 */
export function planCluster({ folder, firstPort, nodeTimeoutMs, env }) {
  const natsServer = env.NATS_SERVER || 'nats-server';
  const redisServer = env.REDIS_SERVER || 'redis-server';
  const nats = natsParts({ command: natsServer, folder, firstPort });
  const redis = redisParts({
    command: redisServer,
    folder,
    firstPort: firstPort + 2 * NATS_NODES,
    nodeTimeoutMs,
  });
  const list = (scheme, parts) => parts.map(({ port }) => `${scheme}://${HOST}:${port}`).join(',');
  return {
    parts: [...nats, ...redis],
    redisCli: env.REDIS_CLI || 'redis-cli',
    env: {
      NATS_URL: list('nats', nats),
      NATS_REPLICAS: '3',
      REDIS_URL: list('redis', redis),
      REDIS_SHARDS: String(SHARDS),
      REDIS_WAIT_REPLICAS: '1',
    },
  };
}

function natsParts({ command, folder, firstPort }) {
  const routePort = (i) => firstPort + NATS_NODES + i;
  const routes = Array.from({ length: NATS_NODES }, (_, i) => `nats://${HOST}:${routePort(i)}`);
  return Array.from({ length: NATS_NODES }, (_, i) => {
    const name = `nats-${i + 1}`;
    const args = [
      ...['-c', join(ROOT, 'deploy', natsConfig(command)), '-n', name],
      ...['-a', HOST, '-p', String(firstPort + i), '-sd', newFolder(folder, name)],
      ...['--cluster_name', 'llm-monitor', '--cluster', `nats://${HOST}:${routePort(i)}`],
      ...['--routes', routes.join(',')],
    ];
    return { name, command, args, port: firstPort + i };
  });
}

/** nats-server 2.9 refuses to start on a setting that 2.10 brought. */
function natsConfig(command) {
  const [, minor] =
    /v2\.(\d+)/.exec(execFileSync(command, ['--version'], { encoding: 'utf8' })) ?? [];
  return Number(minor) < 10 ? 'nats-2.9.conf' : 'nats.conf';
}

function redisParts({ command, folder, firstPort, nodeTimeoutMs }) {
  return Array.from({ length: REDIS_NODES }, (_, i) => {
    const name = `redis-${i + 1}`;
    const port = firstPort + i;
    const args = [
      join(ROOT, 'deploy', 'redis.conf'),
      ...['--bind', HOST, '--port', String(port), '--dir', newFolder(folder, name)],
      ...['--cluster-enabled', 'yes', '--cluster-config-file', 'nodes.conf'],
      ...['--cluster-port', String(port + REDIS_NODES)],
      ...['--cluster-node-timeout', String(nodeTimeoutMs)],
      // A shard without a primary must not take the others along.
      ...['--cluster-require-full-coverage', 'no'],
    ];
    return { name, command, args, port };
  });
}

function newFolder(folder, name) {
  const path = join(folder, name);
  mkdirSync(path, { recursive: true });
  return path;
}
