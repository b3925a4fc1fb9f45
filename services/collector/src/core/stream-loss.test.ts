import { describe, expect, test } from 'vitest';

import { judgeLoss, type StreamReading } from './stream-loss.ts';

const reading = (of: Partial<StreamReading>): StreamReading => ({
  ...{ first: 1, delivered: 0, deliveries: 0, redeliveries: 0, ackFloor: 0, isAfterOutage: false },
  ...of,
});
const before = judgeLoss(undefined, reading({ delivered: 100, deliveries: 100, ackFloor: 90 }));

describe('what a stream lost', () => {
  test('is nothing while its oldest message is one that was handed out', () => {
    const now = reading({ first: 95, delivered: 150, deliveries: 155, redeliveries: 5 });
    expect(judgeLoss(before, now)).toMatchObject({ delivered: 150, lost: 0 });
  });

  test('is what the consumer jumped over, exactly, and counted once', () => {
    const now = reading({ first: 301, delivered: 350, deliveries: 150 });
    const after = judgeLoss(before, now);
    expect(after.lost).toBe(200);
    expect(judgeLoss(after, now)).toEqual(after);
  });

  test('does not take what was handed out again for something new', () => {
    const now = reading({ first: 301, delivered: 350, deliveries: 170, redeliveries: 20 });
    expect(judgeLoss(before, now).lost).toBe(200);
    const later = judgeLoss(before, now);
    const next = { first: 401, delivered: 420, deliveries: 200, redeliveries: 30 };
    expect(judgeLoss(later, reading(next)).lost).toBe(200 + 50);
  });

  test('after an outage is all that is gone and was not acknowledged, whoever had it', () => {
    const now = reading({ first: 131, delivered: 140, deliveries: 140, isAfterOutage: true });
    const after = judgeLoss(before, now);
    expect(after.lost).toBe(40);
    expect(judgeLoss(after, now).lost).toBe(40);
  });

  test('after an outage goes by the floor of the broker, unless that was moved up to the gap', () => {
    const gone = { first: 131, delivered: 140, deliveries: 140, isAfterOutage: true };
    expect(judgeLoss(before, reading({ ...gone, ackFloor: 98 })).lost).toBe(32);
    expect(judgeLoss(before, reading({ ...gone, ackFloor: 130 })).lost).toBe(40);
  });

  test('is not counted again when the consumer comes to the gap', () => {
    const gap = { first: 301, deliveries: 100 };
    const after = judgeLoss(before, reading({ ...gap, delivered: 100, isAfterOutage: true }));
    expect(after.lost).toBe(210);
    const now = reading({ ...gap, delivered: 320, deliveries: 120 });
    expect(judgeLoss(after, now).lost).toBe(210);
  });

  test('of a consumer that was made again is what is missing before its first message', () => {
    expect(judgeLoss(before, reading({ first: 131, delivered: 140, deliveries: 10 })).lost).toBe(
      30,
    );
    expect(judgeLoss(before, reading({ first: 51, delivered: 60, deliveries: 10 })).lost).toBe(0);
    // It has handed out as much as the former one, and not come as far.
    expect(judgeLoss(before, reading({ first: 103, delivered: 99, deliveries: 150 })).lost).toBe(2);
  });
});
