// Three agents that work on one thing after the other: what one says, the next goes on with.
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';

import { createAgent } from './agent.ts';

const rounds = Number(process.argv[2] ?? Infinity);
const pauseMs = Number(process.argv[3] ?? 5000);
const pairs = ['BTC/USDT', 'ETH/USDT', 'ADA/USDT'];

const background = createAgent('background', { model: 'phi3', tags: ['watch'] });
const generator = createAgent('generator', { model: 'llama3.2', tags: ['strategy'] });
const optimizer = createAgent('optimizer', { model: 'mistral', tags: ['strategy', 'tune'] });
const agents = [background, generator, optimizer];

/** One round: all its calls are one session of the monitor. */
async function work(pair: string): Promise<void> {
  const task = `round-${randomUUID().slice(0, 8)}`;
  const mood = await background.ask(`What moves ${pair} today? One sentence.`, task);
  const idea = await generator.ask(`${mood}\nPropose a rule to enter a trade of ${pair}.`, task);
  const tuned = await optimizer.ask(`${idea}\nName one parameter to change, and why.`, task);
  process.stdout.write(`${task} ${pair}: ${tuned.split('\n')[0] ?? ''}\n`);
}

for (let round = 0; round < rounds; round++) {
  try {
    await work(pairs[round % pairs.length] ?? 'BTC/USDT');
  } catch (error) {
    // The monitor shows which agent it was; the next round may go well.
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  }
  if (round + 1 < rounds) await sleep(pauseMs);
}
await Promise.all(agents.map((agent) => agent.close()));
