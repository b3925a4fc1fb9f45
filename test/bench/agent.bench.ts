// What sampling costs: CPU of the agent's process at its fast rate (somebody looks) and at its idle rate, beside a server that
// answers and an idle Node process. Programs that it starts are not in the figures: on a machine without GPUs there are none.
import { setTimeout as pause } from 'node:timers/promises';

import { WATCHED_EVERY_MS, WATCHED_SUBJECT } from '@llm-monitor/contracts/bus';
import { connect } from '@nats-io/transport-node';

import { startAgent, startServer } from '../helpers/start-agent.ts';
import { startNats } from '../helpers/start-nats.ts';
import { startProgram } from '../helpers/start-program.ts';
import { cpuMs, printTable } from './measure.ts';

const SPAN_MS = Number(process.env['BENCH_SPAN_MS'] ?? 60_000);
/** The compiler and the caches of a process that has just started cost more than it will. */
const WARM_UP_MS = 15_000;

const nats = await startNats();
const bus = await connect({ servers: nats.url });
const server = await startServer('fake-ollama');
const agent = await startAgent(nats.url, { OLLAMA_URL: server.url, PROXY_LISTEN: '127.0.0.1:0' });
const idle = startProgram(process.execPath, ['-e', 'setInterval(() => undefined, 1e6)']);
let samples = 0;
bus.subscribe('llm.host.sampled.>', { callback: () => void samples++ });

async function measure(name: string): Promise<(string | number)[]> {
  const before = { agent: cpuMs(agent.pid), idle: cpuMs(idle.pid), samples, atMs: Date.now() };
  await pause(SPAN_MS);
  const spanMs = Date.now() - before.atMs;
  const percent = (ms: number) => `${((100 * ms) / spanMs).toFixed(2)} %`;
  const agentMs = cpuMs(agent.pid) - before.agent;
  const taken = samples - before.samples;
  return [
    name,
    taken,
    percent(agentMs),
    percent(cpuMs(idle.pid) - before.idle),
    `${(agentMs / Math.max(1, taken)).toFixed(1)} ms`,
  ];
}

const rows: (string | number)[][] = [['rate', 'samples', 'agent', 'idle node', 'CPU a sample']];
const watch = setInterval(() => bus.publish(WATCHED_SUBJECT), WATCHED_EVERY_MS);
bus.publish(WATCHED_SUBJECT);
await pause(WARM_UP_MS);
rows.push(await measure('somebody looks, every 2 s'));
clearInterval(watch);
await pause(WARM_UP_MS + 5000);
rows.push(await measure('nobody looks, every 10 s'));
printTable(rows);
process.stdout.write('goal: less than 1 % of a core\n');
for (const program of [agent, idle, server]) await program.stop();
await bus.close();
await nats.stop();
process.exit(0);
