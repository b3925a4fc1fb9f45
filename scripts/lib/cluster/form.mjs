import { execFile } from 'node:child_process';
import { connect } from 'node:net';
import { promisify } from 'node:util';

const exec = promisify(execFile);
const HOST = '127.0.0.1';
const PATIENCE_MS = 60_000;

/**
 * Waits for the servers, and makes the six Redis servers a cluster of three primaries with a replica each, where they are none yet.
 * @param {{ parts: readonly import('./plan.mjs').Part[], redisCli: string }} plan
 */
export async function formCluster({ parts, redisCli }) {
  await Promise.all(parts.map(({ name, port }) => until(`${name} to listen`, () => listens(port))));
  const ports = parts.filter(({ name }) => name.startsWith('redis')).map(({ port }) => port);
  const ask = async (port, ...words) =>
    (await exec(redisCli, ['-h', HOST, '-p', String(port), ...words])).stdout;
  const isFormed = (info) => /^cluster_state:ok/m.test(info) && /^cluster_size:3/m.test(info);
  const isKnown = /^cluster_known_nodes:6/m;
  if (!isKnown.test(await ask(ports[0], 'cluster', 'info'))) {
    const nodes = ports.map((port) => `${HOST}:${port}`);
    const create = ['--cluster', 'create', ...nodes, '--cluster-replicas', '1', '--cluster-yes'];
    await exec(redisCli, create);
  }
  await Promise.all(
    ports.map((port) =>
      until(`the Redis Cluster to be whole at port ${port}`, async () => {
        const replication = await ask(port, 'info', 'replication');
        const isReplicated =
          /^master_link_status:up/m.test(replication) || /^connected_slaves:1/m.test(replication);
        return isReplicated && isFormed(await ask(port, 'cluster', 'info'));
      }),
    ),
  );
}

function listens(port) {
  return new Promise((resolve) => {
    const socket = connect(port, HOST);
    const end = (answer) => {
      socket.destroy();
      resolve(answer);
    };
    socket.once('connect', () => end(true));
    socket.once('error', () => end(false));
  });
}

/** Is nobody on these ports? @returns the first one that is taken */
export async function findTakenPort(first, count) {
  for (let port = first; port < first + count; port++) if (await listens(port)) return port;
  return undefined;
}

async function until(what, isSo) {
  const endsAt = Date.now() + PATIENCE_MS;
  for (;;) {
    if (await isSo().catch(() => false)) return;
    if (Date.now() > endsAt) throw new Error(`waited ${PATIENCE_MS / 1000} s in vain for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
