import { describe, expect, test } from 'vitest';

import { createEventBuffer, type EventBuffer } from './event-buffer.ts';

const event = (requestId: string, mark: 'start' | 'first-token' | 'end', payload = 'x') => ({
  requestId,
  mark,
  id: `${requestId}:${mark}`,
  subject: 's',
  payload,
});

function takeAll(buffer: EventBuffer): string[] {
  const ids: string[] = [];
  for (let next = buffer.take(0); next; next = buffer.take(0)) ids.push(next.id);
  return ids;
}

describe('a buffer of events', () => {
  test('gives them in order, each once, until they are acknowledged', () => {
    const buffer = createEventBuffer({ maxEvents: 10, maxBytes: 1000 });
    for (const id of ['a', 'b', 'c']) buffer.add(event(id, 'start'));
    expect(takeAll(buffer)).toEqual(['a:start', 'b:start', 'c:start']);
    expect([buffer.waiting, buffer.inFlight]).toEqual([0, 3]);
    buffer.acknowledge(2);
    expect([buffer.waiting, buffer.inFlight]).toEqual([0, 2]);
    buffer.acknowledge(2);
    expect(buffer.inFlight).toBe(2);
  });

  test('gives what was not acknowledged again, in the old order and before what came later', () => {
    const buffer = createEventBuffer({ maxEvents: 10, maxBytes: 1000 });
    for (const id of ['a', 'b', 'c']) buffer.add(event(id, 'start'));
    takeAll(buffer);
    buffer.acknowledge(2);
    buffer.add(event('d', 'start'));
    buffer.requeue();
    expect(takeAll(buffer)).toEqual(['a:start', 'c:start', 'd:start']);
  });

  test('makes wait again what is picked of what was sent, and hopes for what was not refused', () => {
    const buffer = createEventBuffer({ maxEvents: 10, maxBytes: 1000 });
    for (const id of ['a', 'b', 'c', 'd']) buffer.add(event(id, 'start'));
    for (const atMs of [1, 2, 3]) buffer.take(atMs);
    expect([buffer.waiting, buffer.inFlight, buffer.hopeful]).toEqual([1, 3, 3]);
    buffer.refuse(2);
    buffer.refuse(77);
    expect([buffer.waiting, buffer.inFlight, buffer.hopeful]).toEqual([1, 3, 2]);
    buffer.requeue(({ sentAtMs = 0 }) => sentAtMs > 1);
    expect([buffer.waiting, buffer.inFlight, buffer.hopeful]).toEqual([3, 1, 1]);
    // In the order in which they came, and what was refused may be taken this time.
    const again = [buffer.take(5), buffer.take(5), buffer.take(5), buffer.take(5)];
    expect(again.map((one) => [one?.id, one?.tries, one?.refused])).toEqual([
      ['b:start', 2, false],
      ['c:start', 2, false],
      ['d:start', 1, false],
      [undefined, undefined, undefined],
    ]);
    expect([buffer.waiting, buffer.inFlight, buffer.hopeful]).toEqual([0, 4, 4]);
    for (const sequence of [1, 2, 3, 4]) buffer.acknowledge(sequence);
    expect([buffer.waiting, buffer.inFlight, buffer.hopeful]).toEqual([0, 0, 0]);
  });

  test('gives up nothing of a call whose end was acknowledged before that of another', () => {
    const buffer = createEventBuffer({ maxEvents: 3, maxBytes: 1000 });
    for (const mark of ['start', 'end'] as const) buffer.add(event('a', mark));
    takeAll(buffer);
    buffer.acknowledge(2);
    buffer.add(event('b', 'start'));
    buffer.add(event('b', 'end'));
    buffer.add(event('c', 'start'));
    expect([buffer.droppedEvents, buffer.droppedRequests]).toEqual([1, 0]);
    buffer.requeue();
    expect(takeAll(buffer)).toEqual(['a:start', 'b:end', 'c:start']);
  });

  test('gives up one event that is larger than all that may wait', () => {
    const buffer = createEventBuffer({ maxEvents: 3, maxBytes: 10 });
    buffer.add(event('a', 'end', 'x'.repeat(11)));
    expect([buffer.waiting, buffer.droppedEvents, buffer.droppedRequests]).toEqual([0, 1, 1]);
    buffer.add(event('b', 'end', 'x'.repeat(10)));
    expect(takeAll(buffer)).toEqual(['b:end']);
  });

  test('gives up the earlier events of ended calls first, since an end is enough by itself', () => {
    const buffer = createEventBuffer({ maxEvents: 5, maxBytes: 1000 });
    buffer.add(event('running', 'start'));
    for (const mark of ['start', 'first-token', 'end'] as const) buffer.add(event('ended', mark));
    buffer.add(event('x', 'start'));
    buffer.add(event('y', 'start'));
    expect(takeAll(buffer)).toEqual(['running:start', 'ended:end', 'x:start', 'y:start']);
    expect([buffer.droppedEvents, buffer.droppedRequests]).toEqual([2, 0]);
  });

  test('then gives up the oldest whole calls and counts those whose end is gone', () => {
    const buffer = createEventBuffer({ maxEvents: 3, maxBytes: 1000 });
    for (const id of ['a', 'b', 'c', 'd', 'e']) buffer.add(event(id, 'end'));
    expect(takeAll(buffer)).toEqual(['c:end', 'd:end', 'e:end']);
    expect([buffer.droppedEvents, buffer.droppedRequests]).toEqual([2, 2]);
  });

  test('keeps what is in flight as long as something else can go', () => {
    const buffer = createEventBuffer({ maxEvents: 2, maxBytes: 1000 });
    buffer.add(event('sent', 'end'));
    takeAll(buffer);
    buffer.add(event('a', 'end'));
    buffer.add(event('b', 'end'));
    buffer.requeue();
    expect(takeAll(buffer)).toEqual(['sent:end', 'b:end']);
  });

  test('bounds the size of what it holds too', () => {
    const buffer = createEventBuffer({ maxEvents: 100, maxBytes: 25 });
    for (const id of ['a', 'b', 'c']) buffer.add(event(id, 'end', 'x'.repeat(10)));
    expect(takeAll(buffer)).toEqual(['b:end', 'c:end']);
  });

  test('keeps little more memory than what it holds takes, also when it has given up all that came before ends', () => {
    const buffer = createEventBuffer({ maxEvents: 1000, maxBytes: 1e7 });
    for (let call = 0; call < 3000; call += 1) {
      for (const mark of ['start', 'first-token', 'end'] as const) {
        buffer.add(event(`${call}`, mark, 'x'.repeat(1000)));
      }
    }
    const memory = new Set<ArrayBufferLike>();
    let bytes = 0;
    for (let one = buffer.take(0); one; one = buffer.take(0)) {
      bytes += one.payload.length;
      memory.add(one.payload.buffer);
    }
    const keptBytes = [...memory].reduce((sum, { byteLength }) => sum + byteLength, 0);
    expect(bytes).toBeGreaterThan(900_000);
    expect(keptBytes).toBeLessThan(1.5 * bytes);
  });

  test('keeps no memory of others for what the bus does not take', () => {
    const buffer = createEventBuffer({ maxEvents: 1000, maxBytes: 1e7 });
    buffer.add(event('refused', 'end', 'è refused'));
    for (let tries = 1; tries <= 3; tries += 1) {
      buffer.add(event(`${tries}`, 'end'));
      const [first, other] = [buffer.take(0), buffer.take(0)];
      expect(Buffer.from(first?.payload ?? []).toString()).toBe('è refused');
      expect(first?.payload.buffer === other?.payload.buffer).toBe(tries < 3);
      buffer.acknowledge(other?.sequence ?? 0);
      buffer.requeue();
    }
    expect(buffer.take(0)?.payload.buffer.byteLength).toBe(10);
  });

  test('adds up: added is held, acknowledged or dropped, whatever the order', () => {
    const buffer = createEventBuffer({ maxEvents: 7, maxBytes: 60 });
    let acknowledged = 0;
    let seed = 1;
    const random = (below: number) => (seed = (seed * 48_271) % 2_147_483_647) % below;
    for (let added = 1; added <= 2000; added += 1) {
      const mark = (['start', 'first-token', 'end'] as const)[random(3)] ?? 'end';
      buffer.add(event(`r${random(12)}-${added}`, mark, 'x'.repeat(random(12))));
      if (random(3) === 0) {
        const taken = buffer.take(0);
        if (taken && random(2) === 0) {
          buffer.acknowledge(taken.sequence);
          acknowledged += 1;
        }
      }
      if (random(20) === 0) buffer.requeue();
      expect(buffer.waiting + buffer.inFlight).toBeLessThanOrEqual(7);
      expect(buffer.waiting + buffer.inFlight + buffer.droppedEvents + acknowledged).toBe(added);
    }
  });
});
