import { describe, expect, test } from 'vitest';

import type { Verdict } from '../events/index.ts';
import { applyOps } from './apply-ops.ts';
import { RECENT_LIMIT, stateFromSnapshot } from './live-state.ts';
import type { LiveOp } from './live.ts';
import { anActiveCall, anEndedCall, aSnapshot, aState, aStatus } from './sample-calls.ts';

const KEY = 'request-1:shop';
const running = anActiveCall({ prompt: 'Why is the sky blue?', host: 'workstation' });
const onlyCall = (ops: readonly LiveOp[], from = aState()) => applyOps(from, ops).active.get(KEY);

describe('a running call', () => {
  test('keeps its furthest phase and highest count when progress comes late', () => {
    const call = onlyCall([
      ['start', running],
      ['progress', KEY, 'generating', 12, 30, null],
      ['progress', KEY, 'waiting', 3, null, null],
    ]);
    expect(call).toMatchObject({
      phase: 'generating',
      tokens_generated: 12,
      tokens_per_second: 30,
    });
  });

  test('is generating from its first token', () => {
    const call = onlyCall([
      ['start', running],
      ['first', KEY, 0.24],
    ]);
    expect(call).toMatchObject({ phase: 'generating', time_to_first_token: 0.24 });
  });

  test('loses nothing to a start that knows less', () => {
    const call = onlyCall([
      ['start', running],
      ['progress', KEY, 'generating', 12, 30, null],
      ['start', anActiveCall()],
    ]);
    expect(call).toMatchObject({
      prompt: 'Why is the sky blue?',
      phase: 'generating',
      tokens_generated: 12,
    });
  });

  test('is told apart from a call of another app with the same id', () => {
    const state = applyOps(aState(), [
      ['start', running],
      ['start', anActiveCall({ app: 'other' })],
      ['end', anEndedCall()],
    ]);
    expect([...state.active.keys()]).toEqual(['request-1:other']);
  });

  test('has the verdicts that were told last, keeps them when it is told of again, and some beyond its end', () => {
    const since = '2026-01-01T00:00:00.000Z';
    const looping: Verdict = { kind: 'looping', since, reason: { period: 30, times: 9 } };
    const queued: Verdict = { kind: 'queued', since, reason: { ahead: 1, behind: [] } };
    const told = applyOps(aState(), [
      ['start', running],
      ['verdicts', [[KEY, [looping, queued]]]],
      ['start', anActiveCall()],
      ['progress', KEY, 'generating', 12, 30, null],
    ]);
    expect(told.active.get(KEY)?.verdicts).toEqual([looping, queued]);
    const again = applyOps(told, [['verdicts', [[KEY, [looping, queued]]]]]);
    expect(again.active).toBe(told.active);
    const over = applyOps(told, [['verdicts', []]]);
    expect(over.active.get(KEY)).not.toHaveProperty('verdicts');
    expect(applyOps(told, [['end', anEndedCall()]]).recent[0]?.verdicts).toEqual([looping]);
    expect(applyOps(over, [['end', anEndedCall()]]).recent[0]).not.toHaveProperty('verdicts');
  });

  test('that nobody announced is not made up from its progress', () => {
    expect(applyOps(aState(), [['progress', KEY, 'generating', 1, 1, null]]).active.size).toBe(0);
  });
});

describe('an ended call', () => {
  test('moves to the history, once, however often its end is told', () => {
    const end: LiveOp = ['end', anEndedCall()];
    const state = applyOps(aState({ active: [running] }), [end, end]);
    expect(state.active.size).toBe(0);
    expect(state.recent.map((call) => call.id)).toEqual(['request-1']);
    expect(applyOps(state, [end]).recent).toHaveLength(1);
  });

  test('is not brought back by a late start or progress', () => {
    const state = applyOps(aState(), [
      ['end', anEndedCall()],
      ['start', running],
      ['progress', KEY, 'generating', 5, 9, null],
      ['first', KEY, 0.2],
    ]);
    expect(state.active.size).toBe(0);
    expect(state.recent).toHaveLength(1);
  });

  test('stays ended after thousands of others', () => {
    const others = Array.from({ length: 3000 }, (_, at): LiveOp => [
      'end',
      anEndedCall({ id: `request-${at + 2}` }),
    ]);
    const state = applyOps(applyOps(aState(), [['end', anEndedCall()]]), others);
    expect(applyOps(state, [['start', running]]).active.size).toBe(0);
  });

  test('keeps what only its running row knew', () => {
    const state = applyOps(aState({ active: [running] }), [['end', anEndedCall()]]);
    expect(state.recent[0]).toMatchObject({
      status: 'completed',
      prompt: 'Why is the sky blue?',
      host: 'workstation',
    });
  });

  test('takes its real end in place of the finding that it was orphaned', () => {
    const orphaned = anEndedCall({
      status: 'failed',
      outcome: 'orphaned',
      prompt: 'Why is the sky blue?',
      error: { type: 'OrphanedError', message: 'no heartbeat' },
    });
    const state = applyOps(aState(), [
      ['end', orphaned],
      ['end', anEndedCall({ tokens_generated: 40 })],
    ]);
    expect(state.recent).toHaveLength(1);
    expect(state.recent[0]).toMatchObject({
      status: 'completed',
      tokens_generated: 40,
      prompt: 'Why is the sky blue?',
      error: null,
    });
  });

  test('stands among the others by its end, newest first, and the oldest leave', () => {
    const ended = (second: number) =>
      anEndedCall({
        id: `request-${second}`,
        ended_at: new Date(Date.UTC(2026, 4, 1, 10, 0, second)).toISOString(),
      });
    const seconds = Array.from({ length: RECENT_LIMIT + 5 }, (_, at) => at);
    const shuffled = [...seconds.filter((s) => s % 2), ...seconds.filter((s) => s % 2 === 0)];
    const state = applyOps(
      aState(),
      shuffled.map((second) => ['end', ended(second)] as const),
    );
    expect(state.recent.map((call) => call.id)).toEqual(
      seconds
        .reverse()
        .slice(0, RECENT_LIMIT)
        .map((second) => `request-${second}`),
    );
  });
});

describe('figures', () => {
  test('replace those before', () => {
    const state = applyOps(aState(), [
      ['status', aStatus({ total_requests: 7 })],
      ['models', []],
      ['demo', true],
    ]);
    expect(state.status.total_requests).toBe(7);
    expect(state.demoRunning).toBe(true);
  });

  test('leave the running calls as they are', () => {
    const before = aState({ active: [running] });
    expect(applyOps(before, [['status', aStatus()]]).active).toBe(before.active);
  });
});

describe('a state', () => {
  test('is never changed in place', () => {
    const before = aState({ active: [running] });
    applyOps(before, [
      ['end', anEndedCall()],
      ['start', anActiveCall({ id: 'request-2' })],
    ]);
    expect([...before.active.keys()]).toEqual([KEY]);
    expect(before.recent).toEqual([]);
  });

  test('of a snapshot counts a call in both lists as ended', () => {
    const state = stateFromSnapshot(aSnapshot({ active: [running], recent: [anEndedCall()] }));
    expect(state.active.size).toBe(0);
    expect(applyOps(state, [['start', running]]).active.size).toBe(0);
  });
});
