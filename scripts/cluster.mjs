// `pnpm cluster`: three NATS servers and a Redis Cluster of three shards with a replica each, on this machine's loopback.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';

import { findTakenPort, formCluster } from './lib/cluster/form.mjs';
import { planCluster, PORTS_NEEDED } from './lib/cluster/plan.mjs';
import { runParts } from './lib/cluster/run-parts.mjs';
import { requireNode } from './lib/install.mjs';

const HELP = `pnpm cluster [options]
  --dir FOLDER          keep the data there (else in a temporary folder, which goes with the cluster)
  --port N              first of ${PORTS_NEEDED} ports (24200)
  --node-timeout MS     a silent Redis is replaced after this time (5000)
  --restart-after MS    a server that died is started again after this time (10000)
  --no-restart          leave dead what died`;

requireNode();
const { values } = parseArgs({
  options: {
    dir: { type: 'string' },
    port: { type: 'string', default: '24200' },
    'node-timeout': { type: 'string', default: '5000' },
    'restart-after': { type: 'string', default: '10000' },
    'no-restart': { type: 'boolean', default: false },
    help: { type: 'boolean', short: 'h', default: false },
  },
});
if (values.help) {
  console.log(HELP);
  process.exit(0);
}
const firstPort = Number(values.port);
const taken = await findTakenPort(firstPort, PORTS_NEEDED);
if (taken !== undefined) {
  console.error(
    `port ${taken} is taken: end the program that holds it, or choose others with --port`,
  );
  process.exit(1);
}
const folder = values.dir
  ? resolve(values.dir)
  : mkdtempSync(join(tmpdir(), 'llm-monitor-cluster-'));
mkdirSync(folder, { recursive: true });
const plan = planCluster({
  folder,
  firstPort,
  nodeTimeoutMs: Number(values['node-timeout']),
  env: process.env,
});
const running = runParts(plan.parts, {
  folder,
  restartMs: values['no-restart'] ? undefined : Number(values['restart-after']),
  say: (text) => console.log(text),
});

let isEnding = false;
async function end(code) {
  if (isEnding) return;
  isEnding = true;
  await running.stop();
  if (!values.dir) rmSync(folder, { recursive: true, force: true });
  process.exit(code);
}
process.on('SIGINT', () => void end(0)).on('SIGTERM', () => void end(0));

try {
  await formCluster(plan);
} catch (error) {
  console.error(`${error.message}\nWhat the servers say is in ${folder}/*.log`);
  await running.stop();
  process.exit(1);
}
const parts = plan.parts.map((part) => ({ ...part, pid: running.pidOf(part.name) }));
writeFileSync(join(folder, 'cluster.json'), JSON.stringify({ env: plan.env, parts }, undefined, 2));
for (const { name, port, pid } of parts) {
  console.log(`${name.padEnd(8)} 127.0.0.1:${port}  pid ${pid}`);
}
console.log(`
The services need to be told, for instance:

${Object.entries(plan.env)
  .map(([name, value]) => `  export ${name}=${value}`)
  .join('\n')}
  npm start

Kill any one of the servers with "kill -9 PID": nothing is lost. Data and logs are in ${folder}.
Ctrl-C here ends the cluster (and only it).`);
