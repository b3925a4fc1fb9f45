import type { CallResult } from '../call/call-result.ts';
import type { CallTracker, Output } from '../call/call-tracker.ts';
import type { BodyReader } from './wire-format.ts';

/** What a reader tells of an answer that comes in these pieces. */
export function toldOf(create: (tracker: CallTracker) => BodyReader, ...pieces: string[]) {
  const outputs: Output[] = [];
  const ends: CallResult[] = [];
  const reader = create({
    ...{ requestId: 'r', isRunning: () => true, start: () => undefined },
    output: (output) => void outputs.push(output),
    progress: () => undefined,
    end: (result) => void ends.push(result),
  });
  for (const piece of pieces) reader.chunk(Buffer.from(piece), 1);
  reader.end(2);
  const sum = (of: (output: Output) => number) => outputs.reduce((all, one) => all + of(one), 0);
  return {
    text: outputs.map(({ text = '' }) => text).join(''),
    thinking: outputs.map(({ thinking = '' }) => thinking).join(''),
    chars: sum(({ chars }) => chars),
    chunks: sum(({ chunks = 1 }) => chunks),
    end: ends[0],
  };
}
