import { describe, expect, it } from 'vitest';

import type { CallTracker, Output } from '../call/call-tracker.ts';
import type { Piece } from '../wire/wire-format.ts';
import { PendingOutput } from './pending-output.ts';

const KEPT = 4;
const piece = (text: string, thinking = ''): Piece => ({
  ...{ text, thinking, chars: text.length + thinking.length },
  ...{ isOutput: true, atMs: 7, end: undefined },
});
const last: Piece = {
  ...{ text: '', thinking: '', chars: 0, isOutput: false, atMs: 9 },
  end: { outcome: 'completed' },
};

/** What a call is told when `pieces` came. */
function told(...pieces: Piece[]): Output[] {
  const outputs: Output[] = [];
  const tracker = {
    output: (output: Output) => outputs.push(output),
    end: () => undefined,
  } as unknown as CallTracker;
  const pending = new PendingOutput(KEPT);
  for (const one of pieces) pending.add(one);
  pending.tellTo(tracker);
  // It is forgotten then.
  pending.tellTo(tracker);
  return outputs;
}

describe('output that waits to be told of', () => {
  it('is all of it while the call runs, also what is not worth keeping: it may repeat itself', () => {
    const outputs = told(piece('abc', 'x'), piece('def', 'y'), piece('ghi'));
    expect(outputs).toEqual([{ chunks: 3, chars: 11, text: 'abcdefghi', thinking: 'xy' }]);
  });

  it('is the text that is kept once the call has ended, and all that is counted', () => {
    const outputs = told(piece('abc', 'x'), piece('def'), piece('ghi'), last);
    expect(outputs[0]).toEqual({ chunks: 3, chars: 10, text: 'abcd', thinking: '' });
  });

  it('is nothing behind the end', () => {
    const outputs = told(piece('abc'), last, piece('def'));
    expect(outputs[0]).toMatchObject({ chunks: 1, chars: 3, text: 'abc' });
  });
});
