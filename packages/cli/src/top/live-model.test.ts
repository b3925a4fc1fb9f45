import type { Frame } from '@llm-monitor/contracts/live';
import { describe, expect, test } from 'vitest';

import { followFrame, fromSnapshot } from './live-model.ts';
import { active, ended, EVIL, NOW_MS, snapshot } from './sample-data.ts';

const model = fromSnapshot(snapshot, NOW_MS);

describe('the live model', () => {
  const frame = (over: Partial<Frame>): Frame => ({
    ...{ epoch: 'e', prev: ['5-0'], pos: ['6-0'], serverTime: NOW_MS, ops: [] },
    ...over,
  });

  test('follows calls from their start to their end, whatever comes twice or late', () => {
    const ops: Frame['ops'] = [
      ['progress', 'aaaaaaaa:generator', 'loading', 50, null, null],
      ['start', active('dddddddd', { phase: 'waiting' })],
      ['first', 'dddddddd:generator', 0.3],
      [
        'end',
        ended('bbbbbbbb', { app: 'zeta', prompt: null, ended_at: new Date(NOW_MS).toISOString() }),
      ],
      ['start', active('bbbbbbbb', { app: 'zeta' })],
    ];
    const { model: once, verdict } = followFrame(model, frame({ ops }), NOW_MS);
    expect(verdict).toBe('applied');
    expect(
      [...once.active.values()].map(({ id, phase, tokens_generated: tokens }) => [
        id,
        phase,
        tokens,
      ]),
    ).toEqual([
      ['aaaaaaaa', 'generating', 50],
      ['dddddddd', 'generating', 42],
    ]);
    expect(once.recent.map(({ id }) => id)).toEqual(['bbbbbbbb', 'cccccccc']);
    expect(once.recent[0]?.prompt).toBe(EVIL);
    const twice = followFrame(once, frame({ ops, prev: ['5-0'], pos: ['7-0'] }), NOW_MS).model;
    expect([...twice.active.keys()]).toEqual([...once.active.keys()]);
    expect(twice.recent).toHaveLength(2);
    expect(model.active.size).toBe(2);
  });

  test('asks again after a gap, and for another epoch', () => {
    expect(followFrame(model, frame({ prev: ['8-0'], pos: ['9-0'] }), NOW_MS).verdict).toBe('gap');
    expect(followFrame(model, frame({ epoch: 'f' }), NOW_MS).verdict).toBe('other-epoch');
    expect(followFrame(model, frame({ prev: ['3-0'], pos: ['4-0'] }), NOW_MS).verdict).toBe('seen');
  });
});
