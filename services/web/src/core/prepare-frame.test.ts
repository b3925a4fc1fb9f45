import type { Frame } from '@llm-monitor/contracts/live';
import { expect, test } from 'vitest';

import { prepareFrame } from './prepare-frame.ts';

const aFrame = (text: string): Frame => ({
  ...{ epoch: text, pos: ['1-0'], prev: ['0-0'], serverTime: 1, ops: [] },
});

/** Reads a websocket's frame as RFC 6455 says. */
function readTextFrame(bytes: Buffer): string {
  expect(bytes[0]).toBe(0x81);
  const short = bytes[1]!;
  const [head, length] =
    short < 126
      ? [2, short]
      : short === 126
        ? [4, bytes.readUInt16BE(2)]
        : [10, Number(bytes.readBigUInt64BE(2))];
  expect(bytes.length).toBe(head + length);
  return bytes.subarray(head).toString('utf8');
}

test('a frame of any length is a text frame that says it', () => {
  // What a websocket says of its length grows behind 125 and 65,535 bytes.
  for (const from of [0, 65_400]) {
    for (let length = from; length < from + 200; length++) {
      const frame = aFrame('x'.repeat(length));
      const { message, bytes } = prepareFrame(frame);
      expect(JSON.parse(message.slice(1))).toEqual(['frame', frame]);
      expect(readTextFrame(bytes)).toBe(`4${message}`);
    }
  }
});

test('its length is that of its bytes, not of its characters', () => {
  const { message, bytes } = prepareFrame(aFrame('perché 🙂'.repeat(20)));
  expect(readTextFrame(bytes)).toBe(`4${message}`);
});
