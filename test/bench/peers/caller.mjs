// One program that makes model calls in one way, block by block as its parent asks: wall time of each call, CPU time of all with what
// they leave to do, and memory. A process of its own, since instrumentations patch what others would use too.
import { setImmediate as turn, setTimeout as pause } from 'node:timers/promises';

import { instruments } from './instruments.mjs';
import { callInSpan, sdks } from './sdks.mjs';

const [sdk, instrument, serverUrl] = process.argv.slice(2);
const { client, tracer, flush } = await instruments[instrument](
  sdk,
  sdks[sdk].options(serverUrl),
  `${serverUrl}/sink/${instrument}`,
);

async function call(chunks) {
  const prompt = `Why is the sky blue? Please answer in ${chunks} words.`;
  const began = performance.now();
  const text = tracer
    ? await callInSpan(sdk, client, prompt, tracer)
    : await sdks[sdk].call(client, prompt);
  const wallUs = (performance.now() - began) * 1000;
  if (text.length !== 5 * chunks) throw new Error(`${text.length / 5} words instead of ${chunks}`);
  return wallUs;
}

async function runBlock({ chunks, calls, transport, restMs, restEvery = 1 }) {
  globalThis.benchTransport = transport;
  const before = process.cpuUsage();
  const wallUs = [];
  for (let i = 0; i < calls; i += 1) {
    if (restMs && i % restEvery === 0) await pause(restMs);
    else if (restMs !== undefined) await turn();
    wallUs.push(await call(chunks));
  }
  // What instrumentations keep for later is theirs too; an export must go over HTTP whatever the calls did.
  globalThis.benchTransport = 'http';
  await flush?.();
  await pause(60);
  const { user, system } = process.cpuUsage(before);
  return { wallUs, cpuUs: (user + system) / calls };
}

function memory() {
  globalThis.gc();
  const { heapUsed, rss } = process.memoryUsage();
  return { heapMb: heapUsed / 2 ** 20, rssMb: rss / 2 ** 20 };
}

process.on('message', (block) => {
  void Promise.resolve(block.chunks ? runBlock(block) : memory()).then((figures) =>
    process.send(figures),
  );
});
process.on('disconnect', () => process.exit());
process.send('ready');
