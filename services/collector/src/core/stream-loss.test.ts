import { describe, expect, test } from 'vitest';

import { judgeLoss, type StreamReading } from './stream-loss.ts';

const reading = (of: Partial<StreamReading>): StreamReading => ({
  ...{ first: 1, delivered: 0, deliveries: 0, redeliveries: 0, abandoned: 0 },
  ...of,
});

describe('what a stream lost', () => {
  test('is nothing while its oldest message is one that was handed out', () => {
    const before = judgeLoss(undefined, reading({ delivered: 100, deliveries: 100 }));
    const now = reading({ first: 90, delivered: 150, deliveries: 155, redeliveries: 5 });
    expect(judgeLoss(before, now)).toMatchObject({ delivered: 150, lost: 0 });
  });

  test('is what the consumer jumped over, exactly', () => {
    const before = judgeLoss(undefined, reading({ delivered: 100, deliveries: 100 }));
    const now = reading({ first: 301, delivered: 350, deliveries: 150 });
    expect(judgeLoss(before, now).lost).toBe(200);
  });

  test('is counted once, though the same state is read again', () => {
    const before = judgeLoss(undefined, reading({ delivered: 100, deliveries: 100 }));
    const now = reading({ first: 301, delivered: 350, deliveries: 150 });
    const first = judgeLoss(before, now);
    expect(judgeLoss(first, now)).toEqual(first);
  });

  test('does not count what was handed out again as handed out twice', () => {
    const before = judgeLoss(undefined, reading({ delivered: 100, deliveries: 100 }));
    const now = reading({ first: 301, delivered: 350, deliveries: 170, redeliveries: 20 });
    expect(judgeLoss(before, now).lost).toBe(200);
  });

  test('includes what went with collectors that are gone, once the stream has dropped it too', () => {
    const held = { delivered: 100, deliveries: 100, abandoned: 30 };
    const before = judgeLoss(undefined, reading({ delivered: 100, deliveries: 100 }));
    expect(judgeLoss(before, reading({ ...held, first: 80 })).lost).toBe(0);
    const gone = judgeLoss(before, reading({ ...held, first: 101 }));
    expect(gone.lost).toBe(30);
    expect(judgeLoss(gone, reading({ ...held, first: 101 }))).toEqual(gone);
  });

  test('of a consumer that was made again is what is missing before its first message', () => {
    const before = judgeLoss(undefined, reading({ delivered: 100, deliveries: 100 }));
    expect(judgeLoss(before, reading({ first: 131, delivered: 140, deliveries: 10 })).lost).toBe(
      30,
    );
    expect(judgeLoss(before, reading({ first: 51, delivered: 60, deliveries: 10 })).lost).toBe(0);
  });
});
