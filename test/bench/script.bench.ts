// Where the time of the collector's script goes: recorded batches are given to an empty Redis by the script, and by the script with a part
// left out, in turn. What it takes less without a part is that part, its share of the append-only file included.
import { readFileSync } from 'node:fs';

import { batchArguments } from '@llm-monitor/collector/batch-arguments';
import { foldBatch } from '@llm-monitor/collector/fold';
import { createKeys } from '@llm-monitor/contracts/redis';
import { Redis } from 'ioredis';

import { createLoad } from '../helpers/load.ts';
import { projectRoot } from '../helpers/project-root.ts';
import { startRedis } from '../helpers/start-redis.ts';
import { toParsed } from '../helpers/to-parsed.ts';
import { median, printTable } from './measure.ts';
import { spread } from './spread.ts';

const CALLS = Number(process.env['BENCH_CALLS'] ?? 20_000);
const CALLS_APART = Number(process.env['BENCH_CALLS_APART'] ?? 3000);
const ROUNDS = Number(process.env['BENCH_ROUNDS'] ?? 5);
const BATCH = 1000;
const OPTIONS = {
  ...{ leaseMs: 35_000, defaultLeaseMs: 1_800_000, requestTtlSeconds: 1_000_000 },
  ...{
    feedMaxEntries: 1024,
    dedupe: true,
    form: () => 'short' as const,
    inBlocks: () => true,
    feedJoined: () => true,
  },
};

const read = (part: string) =>
  readFileSync(`${projectRoot()}/services/collector/src/adapters/apply-batch-${part}.lua`, 'utf8');
const look = read('look');
const whole = look + ['requests', 'blocks', 'sums'].map(read).join('');

/** @throws {RangeError} where the script is not any more what a part is left out of here */
function without(...edits: readonly (readonly [text: string, instead: string])[]): string {
  return edits.reduce((script, [text, instead]) => {
    if (!script.includes(text)) throw new RangeError(`the script does not hold ${text}`);
    return script.replaceAll(text, instead);
  }, whole);
}

const COUNTS = [
  ['for _ = 1, take() do\n  local bucket', 'for _ = 1, 0 do\n  local bucket'],
  ["ipairs({ 'totals', 'totals:demo' })", 'ipairs({})'],
] as const;
const FEED = ["if tells ~= '' then", 'if false then'] as const;
const LIFETIMES = [
  "if needs_lifetime(bits_before, ended_at ~= '' and values[at + ENDED_AT_MS], known) then",
  'if false then',
] as const;
const INDEXES = [
  ['in_slices(running,', 'in_slices({},'],
  ['in_slices(ended,', 'in_slices({},'],
  ['in_slices(listed,', 'in_slices({},'],
] as const;

const SCRIPTS: readonly (readonly [name: string, script: string])[] = [
  ['the script', whole],
  ['without counts', without(...COUNTS)],
  ['without the change feed', without(FEED)],
  ['without lifetimes of records', without(LIFETIMES)],
  ['without indexes', without(...INDEXES)],
  ['without all of these', without(...COUNTS, FEED, LIFETIMES, ...INDEXES)],
  ['unpacking and phase bits alone', `${look}return {}`],
  ['unpacking alone', 'local values = cmsgpack.unpack(ARGV[1]) return {}'],
  ['nothing', 'return {}'],
];

const shard = createKeys({ shards: 1 }).shard(0);
const events = spread(createLoad({ seed: 1, calls: CALLS }).events, CALLS_APART).map(toParsed);
const batches = Array.from({ length: Math.ceil(events.length / BATCH) }, (_, i) => {
  const change = foldBatch(events.slice(i * BATCH, (i + 1) * BATCH), new Map());
  return batchArguments(shard, change, OPTIONS).args[0];
});

/** What the kernel's scheduler gave to a process so far, µs. */
const usedUs = (pid: number) =>
  Number(readFileSync(`/proc/${pid}/schedstat`, 'utf8').split(' ')[0]) / 1000;

async function apply(script: string, appendOnly: 'yes' | 'no'): Promise<number> {
  const server = await startRedis({
    args: ['--auto-aof-rewrite-percentage', '0', '--appendonly', appendOnly],
  });
  const redis = new Redis(server.url);
  const hash = String(await redis.script('LOAD', script));
  const before = usedUs(server.pid());
  for (const batch of batches) await redis.evalsha(hash, 1, shard.feed, batch);
  const us = (usedUs(server.pid()) - before) / events.length;
  redis.disconnect();
  await server.stop();
  return us;
}

const microseconds = new Map<string, { kept: number[]; unkept: number[] }>();
for (let round = 0; round < ROUNDS; round++) {
  for (const [name, script] of SCRIPTS) {
    const of = microseconds.get(name) ?? { kept: [], unkept: [] };
    microseconds.set(name, of);
    of.kept.push(await apply(script, 'yes'));
    of.unkept.push(await apply(script, 'no'));
  }
}
const cells = (values: readonly number[]) => [
  Math.min(...values).toFixed(1),
  median(values).toFixed(1),
];
process.stdout.write(`${events.length} events in batches of ${BATCH}, ${ROUNDS} rounds\n`);
printTable([
  ['Redis, CPU µs an event', 'least', 'median', 'without a file, least', 'median'],
  ...[...microseconds].map(([name, { kept, unkept }]) => [name, ...cells(kept), ...cells(unkept)]),
]);
