import { BITS, createKeys, shardOf } from '@llm-monitor/contracts/redis';
import { DeliverPolicy, jetstream, type JsMsg } from '@nats-io/jetstream';

import type { Published } from '../helpers/an-event.ts';
import type { Load } from '../helpers/load.ts';
import type { FaultBench } from './fault-bench.ts';

/** Most events that are told of; the first ones show what is wrong. */
const TOLD = 5;

/** For events of a load that were never counted: where each of them is instead, one line each. For people who look for a loss. */
export async function whereaboutsOfMissing(bench: FaultBench, load: Load): Promise<string[]> {
  const missing = [];
  for (const published of load.events) {
    if (!(await isCounted(bench, published))) missing.push(published);
  }
  if (missing.length === 0) return [];
  const wanted = new Set(missing.slice(0, TOLD).map(({ event }) => event.id));
  const [requests, letters, consumer] = await Promise.all([
    messagesOf(bench, 'LLM_REQUESTS'),
    messagesOf(bench, 'LLM_DEAD_LETTERS'),
    bench.consumer(),
  ]);
  const lines = [...wanted].map((id) => {
    const places = requests.filter(({ text }) => text.includes(`"id":"${id}"`));
    const dead = letters.filter(({ text }) => text.includes(id));
    return `${id}: at ${places.map(({ message }) => `${message.seq} (${new Date(message.info.timestampNanos / 1e6).toISOString()})`).join(', ') || 'no place'} of the stream, ${dead.map(({ text }) => text).join(', ') || 'no dead letter'}`;
  });
  return [
    `${missing.length} events were not counted`,
    ...lines,
    `the stream has ${requests.length} messages; its consumer delivered ${consumer.delivered.stream_seq} (${consumer.delivered.consumer_seq} deliveries), acked up to ${consumer.ack_floor.stream_seq}, ${consumer.num_redelivered} redelivered, ${consumer.num_pending} pending`,
    ...bench.collectors.map((one, i) => `collector ${i} said: ${one.output() || 'nothing'}`),
  ];
}

async function isCounted(bench: FaultBench, { event }: Published): Promise<boolean> {
  const { requestId, app } = event.data as { requestId: string; app: string };
  const keys = createKeys({ shards: Number(bench.env['REDIS_SHARDS']) });
  const key = keys.shard(shardOf(requestId, keys.shards)).request(app, requestId);
  const bits = Number((await bench.redis.hget(key, 'b')) ?? 0);
  if (event.type.includes('.started.')) return (bits & BITS.start) !== 0;
  if (event.type.includes('.first-token.')) return (bits & BITS.firstToken) !== 0;
  return (bits & BITS.end) !== 0;
}

async function messagesOf(
  bench: FaultBench,
  stream: string,
): Promise<{ message: JsMsg; text: string }[]> {
  const { messages } = (await bench.manager.streams.info(stream)).state;
  if (messages === 0) return [];
  const consumer = await jetstream(bench.connection).consumers.get(stream, {
    deliver_policy: DeliverPolicy.All,
  });
  const found = [];
  for await (const message of await consumer.consume({ max_messages: 1000 })) {
    found.push({ message, text: message.string() });
    if (message.info.pending === 0) break;
  }
  return found;
}
