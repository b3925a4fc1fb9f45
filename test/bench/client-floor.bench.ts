// What the least wrapper that could keep the drop-in's promises adds to a call, beside the drop-in: promise by promise, without any
// bookkeeping. What the drop-in takes more is what can be made cheaper; what the least takes cannot.
import type { BlockOfCalls } from './start-caller.ts';
import { raceSteps } from './step-race.ts';

const KINDS: readonly BlockOfCalls[] = [
  { chunks: 2, calls: 600, transport: 'memory', restMs: 0 },
  { chunks: 50, calls: 300, transport: 'memory', restMs: 0 },
  { chunks: 200, calls: 120, transport: 'memory', restMs: 0 },
];

await raceSteps(
  [
    { name: 'bare', instrument: 'bare' },
    { name: 'can be aborted from outside', instrument: 'least-abort', isSilent: true },
    { name: '… and its consumer is seen', instrument: 'least-hooks', isSilent: true },
    { name: '… and three events are sent', instrument: 'least-events' },
    { name: 'the drop-in', instrument: 'drop-in' },
  ],
  KINDS,
);
process.exit(0);
