import { expect, test } from 'vitest';

import type { Answer } from './answer.ts';
import { createEventStreamReader } from './event-stream-reader.ts';
import { createChatAnswer } from './openai/chat-answer.ts';
import { createResponsesAnswer } from './openai/responses-answer.ts';
import { toldOf as toldBy } from './told-answer.test-support.ts';

const toldOf = (answer: Answer, ...pieces: string[]) =>
  toldBy((tracker) => createEventStreamReader(answer, tracker), ...pieces);

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

test('of several answers at once the first one is the text, and all of them are counted', () => {
  const choice = (index: number, delta: object) => ({ index, delta, finish_reason: null });
  const told = toldOf(
    createChatAnswer(),
    event({
      choices: [
        choice(0, { content: 'a', reasoning_content: 'x' }),
        choice(1, { content: 'bc', reasoning_content: 'yz' }),
      ],
    }),
    event({ choices: [choice(1, { reasoning: 'only' }), choice(0, { content: 'd' })] }),
    event({ choices: [choice(0, { tool_calls: [] }), 'none'] }),
    DONE,
  );
  expect(told).toMatchObject({ text: 'ad', thinking: 'x', chars: 11, chunks: 2 });
});

test('of the responses API refusals are text, reasoning is thought, and arguments of tools are neither', () => {
  const delta = (type: string, said: string) => event({ type: `response.${type}`, delta: said });
  const told = toldOf(
    createResponsesAnswer(),
    delta('created', 'not said'),
    delta('reasoning_summary_text.delta', 'hm'),
    delta('output_text.delta', 'No'),
    delta('output_text.delta', ''),
    delta('refusal.delta', ', sorry'),
    delta('function_call_arguments.delta', '{"city"'),
    event({ type: 'response.incomplete', response: { status: 'incomplete', error: null } }),
  );
  expect(told).toMatchObject({ text: 'No, sorry', thinking: 'hm', chars: 11, chunks: 4 });
  expect(told.end).toMatchObject({ outcome: 'completed', finishReason: 'incomplete' });
});
