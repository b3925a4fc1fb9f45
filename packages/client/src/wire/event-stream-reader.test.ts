import { expect, test } from 'vitest';

import type { Output } from '../call/call-tracker.ts';
import type { CallResult } from '../call/call-result.ts';
import type { Answer } from './answer.ts';
import { createEventStreamReader } from './event-stream-reader.ts';
import { createChatAnswer } from './openai/chat-answer.ts';
import { createResponsesAnswer } from './openai/responses-answer.ts';

/** What is told of an answer that comes in these pieces. */
function toldOf(answer: Answer, ...pieces: string[]) {
  const outputs: Output[] = [];
  const ends: CallResult[] = [];
  const reader = createEventStreamReader(answer, {
    ...{ requestId: 'r', isRunning: () => true, start: () => undefined },
    output: (output) => void outputs.push(output),
    progress: () => undefined,
    end: (result) => void ends.push(result),
  });
  for (const piece of pieces) reader.chunk(Buffer.from(piece), 1);
  reader.end(2);
  const sum = (of: (output: Output) => number) => outputs.reduce((all, one) => all + of(one), 0);
  return {
    text: outputs.map(({ text = '' }) => text).join(''),
    thinking: outputs.map(({ thinking = '' }) => thinking).join(''),
    chars: sum(({ chars }) => chars),
    chunks: sum(({ chunks = 1 }) => chunks),
    end: ends[0],
  };
}

const event = (data: object) => `data: ${JSON.stringify(data)}\n\n`;
const said = (delta: object, finish: string | null = null) =>
  event({ id: 'c', choices: [{ index: 0, delta, finish_reason: finish }] });
const DONE = 'data: [DONE]\n\n';

test('pieces of one shape count as each of them would alone', () => {
  const stream = [
    ...['one ', 'two ', 'three'].map((content) => said({ content })),
    said({}, 'stop'),
    DONE,
  ];
  const told = toldOf(createChatAnswer(), ...stream);
  expect(told).toMatchObject({ text: 'one two three', chars: 13, chunks: 3 });
  expect(toldOf(createChatAnswer(), stream.join(''))).toEqual(told);
});

test('a thought beside each piece of text is none of its text, though it is always the same', () => {
  const stream = ['a', 'bc', 'def'].map((content) => said({ content, reasoning: 'hm' })).join('');
  const told = toldOf(createChatAnswer(), stream + said({}, 'stop') + DONE);
  expect(told).toMatchObject({ text: 'abcdef', thinking: 'hmhmhm', chars: 12, chunks: 3 });
});

test('what comes behind the end of a stream is not counted', () => {
  const late = said({ content: 'late' });
  const told = toldOf(createChatAnswer(), said({ content: 'one' }) + DONE + late, late);
  expect(told).toMatchObject({ text: 'one', chunks: 1, end: { outcome: 'completed' } });
});

test('a last event that is too long to be read ends the stream by its name', () => {
  const delta = 'event: response.output_text.delta\ndata: ';
  const piece = JSON.stringify({ type: 'response.output_text.delta', delta: 'one' });
  const long = 'x'.repeat(2 * 1024 * 1024);
  const told = toldOf(
    createResponsesAnswer(),
    `${delta}${piece}\n\nevent: response.completed\ndata: {"response":"`,
    `${long}"}\n\n`,
  );
  expect(told).toMatchObject({ text: 'one', end: { outcome: 'completed' } });
});

test('a stream that breaks off is incomplete, and has what had come', () => {
  const told = toldOf(createChatAnswer(), said({ content: 'one' }));
  expect(told).toMatchObject({ text: 'one', end: { outcome: 'incomplete' } });
});
