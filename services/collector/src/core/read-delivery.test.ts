import { expect, test } from 'vitest';

import { readDelivery, readSequence } from './read-delivery.ts';

test('an old and a new acknowledgement subject say the same', () => {
  const said = { deliveries: 12, storedAtMs: 1_795_893_249_035 };
  const tail = '12.345.67.1795893249035999999.8';
  for (const subject of [
    `$JS.ACK.LLM_REQUESTS.collector.${tail}`,
    `$JS.ACK.hub.acc.LLM_REQUESTS.collector.${tail}.rnd`,
    `$JS.ACK._..LLM_REQUESTS.collector.${tail}.rnd`,
  ]) {
    expect(readDelivery(Buffer.from(subject))).toEqual(said);
    expect(readSequence(Buffer.from(subject))).toBe(345);
  }
});
