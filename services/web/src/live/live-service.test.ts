import type { FeedPosition } from '@llm-monitor/contracts/live';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';

import type { FiguresReader } from '../adapters/figures-reader.ts';
import type { LiveServer } from './live-server.ts';
import { createLiveService, type LiveService } from './live-service.ts';

let service: LiveService;
let isRedisThere: boolean;
/** Where the feed of the one shard begins. */
let first: string;
let restarts: number;

const whenThere = <T>(answer: T): Promise<T> =>
  isRedisThere ? Promise.resolve(answer) : Promise.reject(new Error('Redis is away'));

beforeEach(async () => {
  vi.useFakeTimers();
  isRedisThere = true;
  first = '0-0';
  restarts = 0;
  service = createLiveService({
    store: {
      readPlace: () => whenThere({ epoch: 'e', pos: ['9-0'] }),
      readEpoch: () => whenThere('e'),
      covers: ([at = '']: FeedPosition) => whenThere(at >= first),
      readSince: () => whenThere(undefined),
    },
    figures: { readRunningDemo: () => whenThere([]) } as unknown as FiguresReader,
    live: {
      sendFrame: () => undefined,
      sendFrameTo: () => undefined,
      sendSnapshot: () => undefined,
      isWatched: () => false,
      open: () => undefined,
      tick: () => undefined,
      restart: () => void restarts++,
    } satisfies LiveServer,
    follower: { follow: () => undefined, heardAtMs: () => performance.now() },
    log: { info: () => undefined, debug: () => undefined } as never,
    now: Date.now,
  });
  await service.verify();
  restarts = 0;
});
afterEach(() => {
  service.close();
  vi.useRealTimers();
});

test('entries that may be lost are asked about until Redis has answered', async () => {
  isRedisThere = false;
  await service.verify(['1-0']);
  await service.verify(['5-0']);
  await service.verify(['7-0']);
  first = '4-0';
  isRedisThere = true;
  await vi.advanceTimersByTimeAsync(3000);
  expect(restarts).toBe(1);
  await vi.advanceTimersByTimeAsync(6000);
  expect(restarts).toBe(1);
});

test('what turns out to be there still makes nobody begin afresh', async () => {
  isRedisThere = false;
  await service.verify(['5-0']);
  isRedisThere = true;
  await vi.advanceTimersByTimeAsync(3000);
  first = '6-0';
  await vi.advanceTimersByTimeAsync(3000);
  expect(restarts).toBe(0);
});
