import { describe, expect, test } from 'vitest';

import { createEventStream } from './event-stream.ts';
import { toServerSentEvent } from './server-sent-event.ts';
import { parsePatterns } from './subject-patterns.ts';

describe('subjects that somebody wants to hear', () => {
  test.each([
    ['llm.request.>', ['llm.request.>']],
    [' llm.request.failed.*.m , llm.alert.>', ['llm.request.failed.*.m', 'llm.alert.>']],
    ['llm.request.>,llm.request.>', ['llm.request.>']],
    ['llm.progress.my_app.llama3_2_3b', ['llm.progress.my_app.llama3_2_3b']],
  ])('%s', (text, patterns) => {
    expect(parsePatterns(text)).toEqual(patterns);
  });

  test.each(['llm.>', 'llm.*.>', 'llm.*.x', 'llm.*.*.*'])('%s takes in no command', (text) => {
    const patterns = parsePatterns(text) ?? [];
    expect(patterns.length).toBeGreaterThan(5);
    for (const pattern of patterns) expect(pattern).toMatch(/^llm\.(?!control)[a-z-]+\./);
  });

  test.each([
    ...['', '>', '*', '*.>', 'llm', 'llm.request', 'llm.control.>', 'llm.control.cancel.a.b'],
    ...['_INBOX.>', '$JS.API.>', '$SYS.>', 'LLM.request.>', 'llm.>.request', 'llm.request.>.x'],
    ...['llm.request..x', 'llm.request.a b', 'llm.request.a\r\nPUB x', 'llm.request.**', 'llm.x.>'],
    Array.from({ length: 17 }, (_, i) => `llm.request.failed.a${i}.m`).join(','),
  ])('%j is refused', (text) => {
    expect(parsePatterns(text)).toBeUndefined();
  });
});

describe('an event as a stream has it', () => {
  const event = {
    ...{ specversion: '1.0', id: 'request-1:end', source: '/apps/a', time: '2026-05-01T10:00:00Z' },
    ...{ type: 'llm.request.completed.v1', data: { text: 'two\nlines\u2028' } },
  };
  test('is one, however its JSON was written', () => {
    const { text, demo } = toServerSentEvent(JSON.stringify(event, null, 2)) ?? {};
    expect(demo).toBe(false);
    expect(text).toBe(
      `id: request-1:end\nevent: llm.request.completed.v1\ndata: ${JSON.stringify(event)}\n\n`,
    );
  });
  test.each([
    ['no JSON', '{'],
    ['no event', '"text"'],
    ['an id that would be a line of its own', JSON.stringify({ ...event, id: 'a\ndata: x' })],
    ['a type that is none', JSON.stringify({ ...event, type: 'x\n\n' })],
  ])('is none: %s', (_, body) => {
    expect(toServerSentEvent(body)).toBeUndefined();
  });
});

test('who reads too slowly is told so last, and nothing more is kept', async () => {
  let ends = 0;
  const stream = createEventStream({ maxBytes: 10_000, onEnd: () => void ends++ });
  for (let i = 0; i < 100; i++) stream.send({ demo: false, text: `data: ${'x'.repeat(990)}\n\n` });
  expect(ends).toBe(1);
  expect(stream.body.readableLength + stream.body.writableLength).toBeLessThan(10_500);
  let text = '';
  for await (const part of stream.body) text += String(part);
  expect(text.match(/x{990}/g)).toHaveLength(10);
  expect(text).toMatch(/event: cut-off\ndata: \{"reason":"You read too slowly\.[^\n]+\n\n$/);
});
