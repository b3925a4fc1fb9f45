import type { StoredChannel } from '@llm-monitor/contracts/alerts';
import { createLogger } from '@llm-monitor/runtime';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';

import type { Claimed, Outbox } from '../adapters/delivery/outbox.ts';
import type { Channel } from '../channels/define-channel.ts';
import { RETRY_POLICY } from '../core/delivery/next-attempt.ts';
import { SendError } from '../core/delivery/send-error.ts';
import { createDelivery, type Delivery } from './create-delivery.ts';

beforeEach(() => void vi.useFakeTimers({ now: 0 }));
afterEach(() => void vi.useRealTimers());

const stored: StoredChannel = {
  ...{ id: 'team', kind: 'paper', name: 'Team', enabled: true, language: 'en', everySeconds: 60 },
  ...{ settings: {}, updatedAt: '2026-05-01T10:00:00.000Z' },
};
const claimed = (attempt: number): Claimed => ({
  ...{ id: 'message-1', attempt, sinceMs: 0 },
  notifications: [
    {
      ...{ id: 'a:fired', what: 'fired' },
      alert: {
        ...{ id: 'a', rule: 'r', name: 'n', severity: 'info', state: 'firing', metric: 'm' },
        ...{ unit: '', of: {}, comparator: '>', threshold: 1, windowSeconds: 60, value: 2 },
        ...{ since: '2026-05-01T10:00:00.000Z', firedAt: null, resolvedAt: null },
        ...{ resolution: null, link: '/alerts' },
      },
      rule: {
        ...{ id: 'r', name: 'n', enabled: true, metric: 'm', comparator: '>', threshold: 1 },
        ...{ windowSeconds: 60, forSeconds: 0, noData: 'ok', renotifySeconds: 0, severity: 'info' },
      },
    },
  ],
});

function begin(
  send: Channel['send'],
  claims: Claimed[],
  finish: Outbox['finish'],
): { delivery: Delivery; outbox: Outbox } {
  const outbox: Outbox = {
    add: vi.fn<Outbox['add']>(),
    hurry: vi.fn<Outbox['hurry']>(),
    drop: vi.fn<Outbox['drop']>(),
    noteSent: vi.fn<Outbox['noteSent']>(),
    noteFailed: vi.fn<Outbox['noteFailed']>(),
    putBack: vi.fn<Outbox['putBack']>(),
    finish: vi.fn<Outbox['finish']>(finish),
    forgetOthers: vi.fn<Outbox['forgetOthers']>(),
    due: () => Promise.resolve(claims.length > 0 ? ['team'] : []),
    claim: () => Promise.resolve(claims.shift()),
  };
  const title = { en: 'Paper', it: 'Carta' };
  const settings = { type: 'object', properties: {}, required: [] } as const;
  const delivery = createDelivery({
    ...{
      outbox,
      log: createLogger({ service: 'alerts', level: 'silent' }),
      policy: RETRY_POLICY,
      gatherMs: 0,
      sendTimeoutMs: 1000,
    },
    channels: [{ kind: 'paper', title, description: title, settings, send }],
    ways: { io: (signal) => ({ signal }) as never, close: () => Promise.resolve() },
    readChannels: () => Promise.resolve(new Map([['team', stored]])),
    dashboardUrl: 'http://localhost:8080',
    ...{ now: Date.now, random: () => 1, newId: () => 'me' },
  });
  return { delivery, outbox };
}

test('a message that was told is not told again where Redis could not be told of it', async () => {
  const send = vi.fn<Channel['send']>(() => Promise.resolve('ok'));
  const finish = vi.fn<Outbox['finish']>(() => Promise.resolve(1));
  finish.mockRejectedValueOnce(new Error('Redis is away'));
  const { delivery } = begin(send, [claimed(1), claimed(2)], finish);
  await vi.advanceTimersByTimeAsync(3000);
  expect(finish).toHaveBeenCalledTimes(2);
  expect(send).toHaveBeenCalledTimes(1);
  await delivery.close();
});

test('a refusal puts it back for later; a day of them, or one for good, ends it', async () => {
  const send = vi.fn<Channel['send']>(() =>
    Promise.reject(new SendError('busy', { retryAfterMs: 90_000 })),
  );
  const { delivery, outbox } = begin(send, [claimed(1), claimed(120)], () => Promise.resolve(1));
  await vi.advanceTimersByTimeAsync(1000);
  expect(outbox.putBack).toHaveBeenCalledWith('team', 'me', 91_000);
  expect(outbox.finish).not.toHaveBeenCalled();
  await vi.advanceTimersByTimeAsync(1000);
  expect(outbox.finish).toHaveBeenCalledWith('team', 'me', 62_000);
  expect(outbox.noteFailed).toHaveBeenLastCalledWith(
    'team',
    expect.objectContaining({ message: 'busy' }),
    1,
  );
  await delivery.close();
});

test('the end of the service waits for what is being sent', async () => {
  let take: ((said: string) => void) | undefined;
  const send = vi.fn<Channel['send']>(
    () =>
      new Promise((resolve) => {
        take = resolve;
      }),
  );
  const { delivery, outbox } = begin(send, [claimed(1)], () => Promise.resolve(1));
  await vi.advanceTimersByTimeAsync(1000);
  const end = delivery.close();
  take?.('ok');
  await end;
  expect(outbox.noteSent).toHaveBeenCalledTimes(1);
});
