import { describe, expect, test } from 'vitest';

import { applyFrame } from './apply-frame.ts';
import { aFrame, anActiveCall, aState } from './sample-calls.ts';

const ops = [['start', anActiveCall()]] as const;

describe('a frame', () => {
  test('that follows is applied and moves the position', () => {
    const { state, verdict } = applyFrame(aState(), aFrame({ ops }));
    expect(verdict).toBe('applied');
    expect(state.pos).toEqual(['6-0']);
    expect([...state.active.keys()]).toEqual(['request-1:shop']);
  });

  test('that was seen changes nothing', () => {
    const before = aState();
    const { state, verdict } = applyFrame(before, aFrame({ prev: ['4-0'], pos: ['5-0'], ops }));
    expect(verdict).toBe('seen');
    expect(state).toBe(before);
  });

  test('that leaves a gap is not applied', () => {
    const before = aState();
    const { state, verdict } = applyFrame(before, aFrame({ prev: ['6-0'], pos: ['7-0'], ops }));
    expect(verdict).toBe('gap');
    expect(state).toBe(before);
  });

  test('that begins earlier and ends later closes the gap', () => {
    const { state, verdict } = applyFrame(aState(), aFrame({ prev: ['2-0'], pos: ['9-0'], ops }));
    expect(verdict).toBe('applied');
    expect(state.pos).toEqual(['9-0']);
  });

  test('of another epoch is not applied, whatever its position', () => {
    const before = aState();
    const { state, verdict } = applyFrame(before, aFrame({ epoch: 'epoch-2', ops }));
    expect(verdict).toBe('other-epoch');
    expect(state).toBe(before);
  });

  test('without a place in the sequence is applied and leaves the position', () => {
    const { state, verdict } = applyFrame(aState(), aFrame({ prev: ['9-0'], pos: ['9-0'], ops }));
    expect(verdict).toBe('applied');
    expect(state.pos).toEqual(['5-0']);
    expect(state.active.size).toBe(1);
  });
});
