import { STREAM_DEFINITIONS } from '@llm-monitor/contracts/bus';
import { JetStreamApiError, type JetStreamManager } from '@nats-io/jetstream';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';

import { ensureStream } from './bus.ts';

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

const NAME_IN_USE = { code: 400, err_code: 10_058, description: 'stream name already in use' };
const ELECTING = { code: 503, err_code: 10_008, description: 'temporarily unavailable' };
const REFUSED = { code: 400, err_code: 10_052, description: 'invalid' };

/** A manager that fails in these ways, one after the other, and then does what it is asked to. */
function setUp(fails: { add?: object[]; update?: object[] }) {
  const done: string[] = [];
  const act = (name: 'add' | 'update') => () => {
    const fault = fails[name]?.shift();
    if (fault) return Promise.reject(new JetStreamApiError(fault as never));
    done.push(name);
    return Promise.resolve();
  };
  const manager = { streams: { add: act('add'), update: act('update') } };
  return { manager: manager as unknown as JetStreamManager, done };
}
const [definition] = STREAM_DEFINITIONS;

test('a stream of an older definition is brought to the present one once a leader is elected', async () => {
  const { manager, done } = setUp({ add: [NAME_IN_USE, NAME_IN_USE], update: [ELECTING] });
  const ensured = ensureStream(manager, definition!, 3);
  ensured.catch(() => undefined);
  await vi.advanceTimersByTimeAsync(1000);
  await ensured;
  expect(done).toEqual(['update']);
});

test('what no leader could change is told at once', async () => {
  const { manager } = setUp({ add: [NAME_IN_USE], update: [REFUSED] });
  await expect(ensureStream(manager, definition!, 3)).rejects.toThrow('invalid');
});

test('a server alone elects nobody: what it does not do is told at once', async () => {
  const { manager } = setUp({ add: [ELECTING] });
  const ensured = ensureStream(manager, definition!, 1);
  ensured.catch(() => undefined);
  await vi.advanceTimersByTimeAsync(1000);
  await expect(ensured).rejects.toThrow('temporarily');
});
