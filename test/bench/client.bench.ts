// What the drop-in adds to a call, beside the bare `ollama` client in the same run: wall time on the caller's path, CPU time in
// all (publishing included), and CPU time a streamed chunk. The server is an in-process fetch, since HTTP's noise is larger than
// what is measured.
import { setTimeout as pause } from 'node:timers/promises';

import type { Ollama } from 'ollama';

import { startNats } from '../helpers/start-nats.ts';
import { median, percentile, printTable } from './measure.ts';

const ROUNDS = Number(process.env['BENCH_ROUNDS'] ?? 12);
const CALLS = 150;
const CHUNKS = [50, 200];

/** A server's streamed answer, without a server. */
function createFetch(chunks: number): typeof fetch {
  const encoder = new TextEncoder();
  const message = (content: string) => ({ model: 'm:1', message: { role: 'assistant', content } });
  const lines = Array.from({ length: chunks }, () =>
    encoder.encode(`${JSON.stringify({ ...message('word '), done: false })}\n`),
  );
  const final = {
    ...{ ...message(''), done: true, done_reason: 'stop', total_duration: 2e9, load_duration: 1e6 },
    ...{ prompt_eval_count: 9, prompt_eval_duration: 5e7, eval_count: chunks, eval_duration: 1e9 },
  };
  lines.push(encoder.encode(`${JSON.stringify(final)}\n`));
  return async () => {
    let next = 0;
    const body = new ReadableStream<Uint8Array>({
      pull(controller) {
        const line = lines[next++];
        if (line) controller.enqueue(line);
        else controller.close();
      },
    });
    return new Response(body, { headers: { 'content-type': 'application/x-ndjson' } });
  };
}

async function call(client: Ollama): Promise<number> {
  const began = performance.now();
  const messages = [{ role: 'user', content: 'Why is the sky blue?' }];
  let length = 0;
  for await (const part of await client.chat({ model: 'm:1', messages, stream: true })) {
    length += part.message.content.length;
  }
  if (length === 0) throw new Error('nothing was streamed');
  return (performance.now() - began) * 1000;
}

interface Block {
  wallUs: number[];
  cpuUs: number;
}

/** Calls one after the other, and the CPU time until what they left to do is done too. */
async function runBlock(client: Ollama): Promise<Block> {
  const before = process.cpuUsage();
  const wallUs: number[] = [];
  for (let i = 0; i < CALLS; i++) wallUs.push(await call(client));
  await pause(60);
  const { user, system } = process.cpuUsage(before);
  return { wallUs, cpuUs: (user + system) / CALLS };
}

const nats = await startNats();
process.env['LLM_MONITOR_NATS_URL'] = nats.url;
process.env['LLM_MONITOR_APP'] = 'bench';
const bareModule = await import('ollama');
const monitoredModule = await import('@llm-monitor/client/ollama');

const rows: (string | number)[][] = [
  ['chunks', 'bare µs', 'drop-in µs', 'added p50', 'added p99', 'ratio p50', 'CPU added µs'],
];
const cpuAdded: number[] = [];
for (const chunks of CHUNKS) {
  const bare = new bareModule.Ollama({ fetch: createFetch(chunks) });
  const monitored = new monitoredModule.Ollama({ fetch: createFetch(chunks) });
  const blocks: { bare: Block[]; monitored: Block[] } = { bare: [], monitored: [] };
  await runBlock(bare);
  await runBlock(monitored);
  for (let round = 0; round < ROUNDS; round++) {
    blocks.bare.push(await runBlock(bare));
    blocks.monitored.push(await runBlock(monitored));
  }
  const wall = (of: Block[], q: number) =>
    percentile(
      of.flatMap((block) => block.wallUs),
      q,
    );
  const cpu = median(blocks.monitored.map(({ cpuUs }, i) => cpuUs - blocks.bare[i]!.cpuUs));
  cpuAdded.push(cpu);
  const [barely, ours] = [wall(blocks.bare, 0.5), wall(blocks.monitored, 0.5)];
  rows.push([
    chunks,
    barely.toFixed(0),
    ours.toFixed(0),
    (ours - barely).toFixed(0),
    (wall(blocks.monitored, 0.99) - wall(blocks.bare, 0.99)).toFixed(0),
    `× ${(ours / barely).toFixed(2)}`,
    cpu.toFixed(0),
  ]);
}
printTable(rows);
const perChunk = (cpuAdded[1]! - cpuAdded[0]!) / (CHUNKS[1]! - CHUNKS[0]!);
process.stdout.write(`CPU added a chunk: ${perChunk.toFixed(2)} µs\n`);
process.stdout.write('goals: added p50 ≤ 15 µs a call, CPU ≤ 100 µs a call and ≤ 1 µs a chunk\n');
await nats.stop();
process.exit(0);
