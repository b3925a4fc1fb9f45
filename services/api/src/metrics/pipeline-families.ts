import type { Pipeline } from '@llm-monitor/contracts/rest';

import type { Family, Labels } from './exposition.ts';

interface Gauge {
  name: string;
  help: string;
  samples: readonly (readonly [labels: Labels, value: number | null | undefined])[];
}

/** Gauges; of what is not known there is no sample. */
export function gauges(all: readonly Gauge[]): Family[] {
  return all.map(({ name, help, samples }) => ({
    name: `llm_monitor_${name}`,
    type: 'gauge',
    help,
    samples: samples.flatMap(([labels, value]) => (value == null ? [] : [{ labels, value }])),
  }));
}

/** How collecting goes. */
export function pipelineFamilies(pipeline: Pipeline): Family[] {
  const { streams, collectors, dead_letters: letters } = pipeline;
  const ofStream = (read: (stream: NonNullable<Pipeline['streams']>[number]) => number | null) =>
    (streams ?? []).map((stream) => [{ stream: stream.name }, read(stream)] as const);
  return gauges([
    {
      name: 'collectors_online',
      help: 'Collectors that said lately that they work.',
      samples: [[{}, collectors.filter(({ online }) => online).length]],
    },
    {
      name: 'nats_up',
      help: '1 when NATS says how far the collectors are.',
      samples: [[{}, streams === null ? 0 : 1]],
    },
    {
      name: 'waiting_events',
      help: 'Events that no collector has acknowledged yet.',
      samples: ofStream(({ pending, in_flight: inFlight }) => pending + inFlight),
    },
    {
      name: 'lag_seconds',
      help: 'How old the oldest event is that waits.',
      samples: ofStream(({ lag }) => lag),
    },
    {
      name: 'stream_bytes',
      help: 'What a stream holds.',
      samples: ofStream(({ bytes }) => bytes),
    },
    {
      name: 'lost_events',
      help: 'Events that streams dropped before a collector took them, as long as this store lives.',
      samples: [[{}, pipeline.lost_events]],
    },
    {
      name: 'dropped_events',
      help: 'Events that clients heard of in the last 15 minutes had to give up.',
      samples: [[{}, pipeline.dropped_events]],
    },
    {
      name: 'dropped_requests',
      help: 'Calls that are missing for it.',
      samples: [[{}, pipeline.dropped_requests]],
    },
    {
      name: 'dead_letters',
      help: 'Messages that collectors could not use and nobody has removed.',
      samples: [[{}, letters?.count]],
    },
  ]);
}
