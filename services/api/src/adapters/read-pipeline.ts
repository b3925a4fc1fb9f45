import type { Pipeline } from '@llm-monitor/contracts/rest';
import { readPipelineStore, type PipelineStore, type Store } from '@llm-monitor/read-model';

import type { Bus } from './bus.ts';
import { readPipelineFigures, type PipelineFigures } from './pipeline-reader.ts';

/** More waiting, or older, than this is worth a word. */
const BEHIND_EVENTS = 1000;
const BEHIND_SECONDS = 10;

/** `GET /api/pipeline`: what the store says, and NATS, if it answers. */
export async function readPipeline(store: Store, bus: Bus, nowMs: number): Promise<Pipeline> {
  const [kept, figures] = await Promise.all([
    readPipelineStore(store, nowMs),
    readFigures(bus, nowMs),
  ]);
  return toPipeline(kept, figures);
}

async function readFigures(bus: Bus, nowMs: number): Promise<PipelineFigures | string> {
  const connection = bus.connection();
  if (!connection) return 'NATS does not answer. See that it runs at NATS_URL.';
  try {
    return await readPipelineFigures(connection, nowMs);
  } catch (error) {
    return `NATS does not say how far the collectors are: ${(error as Error).message}.`;
  }
}

/** @param figures what NATS says, or why it does not */
export function toPipeline(kept: PipelineStore, figures: PipelineFigures | string): Pipeline {
  const { losses, collectors, dropped_events, dropped_requests, shed } = kept;
  const streams = typeof figures === 'string' ? null : toStreams(figures, kept);
  const known = Object.values(losses).reduce((sum, { lost }) => sum + lost, 0);
  return {
    ...judge(kept, figures),
    collectors,
    streams,
    lost_events: streams?.reduce((sum, { lost }) => sum + lost, 0) ?? known,
    dead_letters:
      typeof figures === 'string'
        ? null
        : { count: figures.deadLetters.count, last_at: figures.deadLetters.lastAt },
    ...{ dropped_events, dropped_requests, shed },
  };
}

function toStreams(
  { streams }: PipelineFigures,
  { losses, collectors }: PipelineStore,
): NonNullable<Pipeline['streams']> {
  const isCollected = collectors.some(({ online }) => online);
  return streams.map((stream) => {
    const known = losses[stream.name];
    if (!known) return { ...stream, redeliveries: 0, lost: 0 };
    // What is gone already, though no collector has come to the gap. What was handed out to nobody who lives is gone with it.
    const had = isCollected ? Math.max(stream.delivered_sequence, known.delivered) : known.ackFloor;
    const gap = Math.max(0, stream.first_sequence - 1 - had);
    return { ...stream, redeliveries: known.redeliveries, lost: known.lost + gap };
  });
}

function judge(
  { collectors, problem }: PipelineStore,
  figures: PipelineFigures | string,
): Pick<Pipeline, 'status' | 'detail'> {
  if (typeof figures === 'string') return { status: 'unknown', detail: figures };
  const [requests] = figures.streams;
  const waiting = requests ? requests.pending + requests.in_flight : 0;
  if (!collectors.some(({ online }) => online)) {
    const detail = `No collector runs; ${waiting} events wait. Start one: what waits is kept in NATS.`;
    return { status: 'stalled', detail };
  }
  if (problem !== undefined) return { status: 'stalled', detail: problem };
  const lag = requests?.lag ?? 0;
  if (waiting > BEHIND_EVENTS || lag > BEHIND_SECONDS) {
    const detail = `${waiting} events wait, the oldest for ${Math.round(lag)} s. If that grows, run more collectors.`;
    return { status: 'behind', detail };
  }
  return { status: 'ok', detail: null };
}
