import { fileURLToPath } from 'node:url';

import { expect, test } from 'vitest';

import type { EventCollector } from '../helpers/collect-events.ts';
import type { NatsServer } from '../helpers/start-nats.ts';
import { startProgram } from '../helpers/start-program.ts';
import { useBus } from '../helpers/use-bus.ts';

const PROGRAM = fileURLToPath(new URL('programs/reads-every-way.mjs', import.meta.url));
const FOLDER = fileURLToPath(new URL('..', import.meta.url));

let nats: NatsServer;
let events: EventCollector;
useBus((bus) => ({ nats, events } = bus));

async function run(app: string, args: string[]): Promise<string[]> {
  const env = { LLM_MONITOR_NATS_URL: nats.url, LLM_MONITOR_APP: app };
  const child = startProgram(process.execPath, [...args, PROGRAM], { cwd: FOLDER, env });
  expect(await child.exited).toBe(0);
  return child.stdout().split('\n## ');
}

/** How the calls of each way ended. */
function outcomes(app: string): Record<string, Record<string, number>> {
  const all: Record<string, Record<string, number>> = {};
  for (const { started, ended } of events.calls(app)) {
    const way = (all[started[0]?.event.data.promptPreview ?? ''] ??= {});
    const outcome = ended.map(({ event }) => event.data.outcome).join();
    way[outcome] = (way[outcome] ?? 0) + 1;
  }
  return all;
}

test.each([
  ['of the runtime', []],
  ['of the package undici in its place', ['--import', './conformance/programs/other-fetch.mjs']],
])(
  'a registered program that reads answers of a fetch %s in every way sees the same as without, and each call ends once',
  async (app, other) => {
    const bare = await run(app, other);
    const seen = await run(app, [...other, '--import', '@llm-monitor/client/register']);
    // One by one, so that what differs is told.
    for (const [i, way] of bare.entries()) expect(seen[i]).toBe(way);
    expect(seen).toHaveLength(bare.length);
    const asked = JSON.parse(bare.at(-1)?.split('\n')[1] ?? '') as Record<string, number>;
    const total = Object.values(asked).reduce((sum, one) => sum + one);
    await events.endedCalls(app, total);
    expect(events.calls(app)).toHaveLength(total);
    expect(outcomes(app)).toMatchObject({
      'a loop': { completed: 1 },
      'a reader': { completed: 1 },
      'a reader of buffers': { completed: 1 },
      'a loop that breaks': { cancelled: 1 },
      'at the same time': { completed: 20 },
      tee: { completed: 1 },
      clone: { completed: 1 },
      through: { completed: 2 },
      'another response': { completed: 1 },
      pipeline: { completed: 3 },
      'pipes that are aborted': { completed: 3, cancelled: 3 },
      'cancel in all states': { completed: 3, cancelled: 6 },
      'what breaks': { error: 12 },
      'aborted in the middle': { cancelled: 21 },
      'aborted after': { completed: 2 },
    });
  },
);
