import type { JsMsg } from '@nats-io/jetstream';
import { expect, test } from 'vitest';

import { readHeader } from './read-header.ts';

/** As the library keeps it: headers and body in one piece of a larger buffer. */
function aMessage(head: string, body = '{}'): JsMsg {
  const bytes = Buffer.from(`before${head}${body}`).subarray(6);
  const hdr = head === '' ? -1 : Buffer.byteLength(head);
  return { msg: { _rdata: bytes, _msg: { hdr } } } as unknown as JsMsg;
}

test('a header is found by its whole name, and only among the headers', () => {
  const head = 'NATS/1.0\r\nX-Sent-At:wrong\r\nSent-At: 2026-11-28 \r\nSent-At: later\r\n\r\n';
  expect(readHeader(aMessage(head), 'Sent-At')).toBe('2026-11-28');
  expect(readHeader(aMessage(head), 'sent-at')).toBeUndefined();
  expect(readHeader(aMessage('NATS/1.0\r\n\r\n', '\r\nSent-At: body\r\n'), 'Sent-At')).toBe(
    undefined,
  );
  expect(readHeader(aMessage('', '\r\nSent-At: body\r\n'), 'Sent-At')).toBeUndefined();
});

test('an empty header is none, and half of one harms nothing', () => {
  expect(readHeader(aMessage('NATS/1.0\r\nSent-At:\r\n\r\n'), 'Sent-At')).toBeUndefined();
  expect(readHeader(aMessage('NATS/1.0\r\nSent-At'), 'Sent-At')).toBeUndefined();
});

test('where the library keeps no such bytes, it is asked', () => {
  const headers = new Map([['Sent-At', 'now']]);
  expect(readHeader({ headers } as unknown as JsMsg, 'Sent-At')).toBe('now');
});
