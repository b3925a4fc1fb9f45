import { STREAMS } from '../bus/streams.ts';
import { VerdictData } from '../events/verdict.ts';
import type { PublicEvent } from './public-event.ts';

const example = {
  requestId: 'b3f1c2d4e5f60718',
  app: 'generator',
  model: 'llama3.2:3b',
  host: 'workstation',
  verdict: {
    kind: 'stalled',
    since: '2026-05-01T10:00:00.000Z',
    reason: { usualGapSeconds: 0.04, limitSeconds: 10 },
  },
};

const common = {
  sentBy: ['alerts'],
  data: VerdictData,
  dataName: 'VerdictData',
  stream: STREAMS.telemetry,
} as const;

/** What is noteworthy about a call. */
export const VERDICT_EVENTS: readonly PublicEvent[] = [
  {
    ...common,
    name: 'verdictRaised',
    title: 'Something is noteworthy about a call',
    address: 'llm.verdict.raised.{app}.{model}',
    when: 'A call stalls, repeats itself, generates far more than usual, waits for a slot or for its model, or its prompt was possibly cut: as far as can be judged from outside.',
    type: 'llm.verdict.raised.v1',
    example,
  },
  {
    ...common,
    name: 'verdictCleared',
    title: 'What was noteworthy about a call is over',
    address: 'llm.verdict.cleared.{app}.{model}',
    when: 'It no longer holds, or the call ended.',
    type: 'llm.verdict.cleared.v1',
    example: { ...example, cleared: 'over' },
  },
];
