import { expect, test } from 'vitest';

import { readDelivery } from './read-delivery.ts';

test('an old and a new acknowledgement subject say the same', () => {
  const said = { deliveries: 12, storedAtMs: 1_795_893_249_035 };
  const tail = '12.345.67.1795893249035999999.8';
  expect(readDelivery(`$JS.ACK.LLM_REQUESTS.collector.${tail}`)).toEqual(said);
  expect(readDelivery(`$JS.ACK.hub.acc.LLM_REQUESTS.collector.${tail}.rnd`)).toEqual(said);
  expect(readDelivery(`$JS.ACK._..LLM_REQUESTS.collector.${tail}.rnd`)).toEqual(said);
});
