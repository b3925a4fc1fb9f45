import { expect, test } from 'vitest';

import { createEventSplitter, type ServerSentEvent } from './event-splitter.ts';

function split(text: string, size: number): ServerSentEvent[] {
  const events: ServerSentEvent[] = [];
  const splitter = createEventSplitter((event) => void events.push(event));
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; at += size) splitter.add(bytes.subarray(at, at + size));
  splitter.end();
  return events;
}

test.each([1, 2, 3, 7, 1000])('events come out whole from chunks of %i bytes', (size) => {
  const text =
    ': a comment\n\nevent: one\nid: 7\ndata: {"a":"é日🙂"}\n\ndata:no space\r\ndata: two lines\r\n\r\n\n\ndata: unended';
  expect(split(text, size)).toEqual([
    { event: 'one', data: '{"a":"é日🙂"}' },
    { event: '', data: 'no space\ntwo lines' },
    { event: '', data: 'unended' },
  ]);
});

test('of an event that is too long its name is left', () => {
  const text = `event: response.completed\ndata: ${'x'.repeat(1024 * 1024)}\n\ndata: next\n\n`;
  expect(split(text, 64 * 1024)).toEqual([
    { event: 'response.completed', data: '' },
    { event: '', data: 'next' },
  ]);
});

test('what may be skipped is asked for between two events alone, and not within one', () => {
  const text = 'event: a\ndata: 1\n\ndata: 2\ndata: 3\n\n';
  const asked: string[] = [];
  const events: ServerSentEvent[] = [];
  const splitter = createEventSplitter(
    (event) => void events.push(event),
    (whole, from) => {
      asked.push(whole.slice(from, from + 7));
      return whole.startsWith('data: 2', from) ? from + 'data: 2\ndata: 3\n\n'.length : from;
    },
  );
  splitter.add(Buffer.from(text));
  expect(asked).toEqual(['event: ', 'data: 2']);
  expect(events).toEqual([{ event: 'a', data: '1' }]);
});
