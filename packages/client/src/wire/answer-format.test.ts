import { describe, expect, test } from 'vitest';

import type { CallResult } from '../call/call-result.ts';
import type { CallTracker } from '../call/call-tracker.ts';
import { findWireFormat } from './find-wire-format.ts';

const CHAT = 'https://api.openai.com/v1/chat/completions';
const RESPONSES = 'https://api.openai.com/v1/responses';
const MESSAGES = 'https://api.anthropic.com/v1/messages';

/** Reads an answer, a byte at a time, and tells what a tracker is told. */
function read(url: string, body: string, head: { status?: number; contentType?: string } = {}) {
  const outputs: { chars: number; text?: string }[] = [];
  const ends: CallResult[] = [];
  const tracker: CallTracker = {
    requestId: 'r',
    isRunning: () => true,
    start: () => undefined,
    output: (piece) => void outputs.push(piece),
    progress: () => undefined,
    end: (result) => void ends.push(result),
  };
  const { status = 200 } = head;
  const isStream = /^(data|event):/.test(body);
  const contentType = head.contentType ?? (isStream ? 'text/event-stream' : 'application/json');
  const of = { status, statusText: 'Status', ok: status < 400, contentType };
  const reader = findWireFormat(url)?.reader(of, tracker);
  const bytes = Buffer.from(body);
  for (let at = 0; at < bytes.length; at += 1) reader?.chunk(bytes.subarray(at, at + 1), 5);
  const settled = reader?.settled?.();
  reader?.end(7);
  return {
    text: outputs.map((output) => output.text).join(''),
    chars: outputs.reduce((sum, output) => sum + output.chars, 0),
    outputs: outputs.length,
    end: ends[0],
    settled,
  };
}

const events = (...list: unknown[]) =>
  list.map((one) => `data: ${typeof one === 'string' ? one : JSON.stringify(one)}\n\n`).join('');
const named = (...list: { type: string }[]) =>
  list.map((one) => `event: ${one.type}\ndata: ${JSON.stringify(one)}\n\n`).join('');
const delta = (fields: object, finish_reason: string | null = null) => ({
  choices: [{ index: 0, delta: fields, finish_reason }],
});

describe('an answer whose type says nothing', () => {
  test.each(['', 'text/plain', 'text/html; charset=utf-8'])('may be events: %j', (contentType) => {
    const body = `\n${events(delta({ content: 'Blue' }), delta({}, 'stop'), '[DONE]')}`;
    expect(read(CHAT, body, { contentType })).toMatchObject({
      ...{ text: 'Blue', settled: { finishReason: 'stop' } },
      end: { outcome: 'completed', finishReason: 'stop' },
    });
  });

  test('may be an object, and is an error where it is neither', () => {
    const contentType = 'text/plain';
    const choices = [{ index: 0, message: { content: 'Blue' }, finish_reason: 'stop' }];
    expect(read(CHAT, ` ${JSON.stringify({ choices })}`, { contentType })).toMatchObject({
      ...{ text: 'Blue', end: { outcome: 'completed', finishReason: 'stop' } },
    });
    expect(read(CHAT, '<html>', { contentType }).end).toMatchObject({
      ...{ outcome: 'error', error: { type: 'SyntaxError' } },
    });
    expect(read(CHAT, '', { contentType }).end?.outcome).toBe('error');
  });
});

describe('a stream of chat completions', () => {
  test('tells its text, its finish reason, and the counts that come without a choice', () => {
    const usage = { choices: [], usage: { prompt_tokens: 9, completion_tokens: 2 } };
    const body = events(
      delta({ role: 'assistant', content: '' }),
      delta({ content: 'Blue' }),
      delta({ content: ' 日本' }),
      delta({}, 'stop'),
      usage,
      '[DONE]',
    );
    expect(read(CHAT, body)).toMatchObject({ text: 'Blue 日本', chars: 7, outputs: 2 });
    expect(read(CHAT, body).end).toEqual({
      ...{ outcome: 'completed', finishReason: 'stop', inputTokens: 9, outputTokens: 2, atMs: 5 },
    });
  });

  test.each([
    ['reasoning', { reasoning_content: 'Hm' }],
    ['reasoning by its other name', { reasoning: 'Hm' }],
    ['a tool call', { tool_calls: [{ index: 0, function: { name: 'weather' } }] }],
    ['a refusal', { refusal: 'No.' }],
  ])('has %s for a first token', (_, fields) => {
    expect(read(CHAT, events(delta({ content: '' }), delta(fields))).outputs).toBe(1);
  });

  test('is incomplete when it ends without a finish reason and without [DONE]', () => {
    expect(read(CHAT, events(delta({ content: 'Bl' }))).end).toMatchObject({
      outcome: 'incomplete',
      error: { type: 'Error' },
    });
    expect(read(CHAT, events(delta({ content: 'Bl' }), '[DONE]')).end?.outcome).toBe('completed');
    expect(read(CHAT, events(delta({ content: 'Bl' }, 'length'))).end).toEqual({
      ...{ outcome: 'completed', finishReason: 'length', atMs: 7 },
    });
  });

  test('was complete for who leaves after all its choices have a finish reason', () => {
    const first = { choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] };
    const second = (reason: string | null) => ({
      choices: [{ index: 1, delta: {}, finish_reason: reason }],
    });
    expect(read(CHAT, events(second(null), first)).settled).toBeUndefined();
    expect(read(CHAT, events(second(null), first, second('stop'))).settled).toEqual({
      ...{ outcome: 'completed', finishReason: 'stop' },
    });
  });

  test.each([
    [
      'under its own key',
      events(delta({ content: 'Bl' }), { error: { message: 'out of memory' } }),
    ],
    ['as a named event', 'event: error\ndata: {"message":"out of memory"}\n\n'],
    ['as a text', events({ error: 'out of memory' })],
  ])('tells of an error %s', (_, body) => {
    expect(read(CHAT, body).end).toEqual({
      ...{ outcome: 'error', error: { type: 'APIError', message: 'out of memory' }, atMs: 5 },
    });
  });
});

describe('a whole answer', () => {
  test('of chat completions tells its text and its counts, and no count that is not there', () => {
    const message = { role: 'assistant', content: 'Blue', reasoning_content: 'Hm' };
    const body = { choices: [{ index: 0, message, finish_reason: 'stop' }] };
    const { end, ...said } = read(CHAT, JSON.stringify(body));
    expect(said).toMatchObject({ text: 'Blue', chars: 6, outputs: 1 });
    expect(end).toEqual({ outcome: 'completed', finishReason: 'stop', atMs: 7 });
  });

  test('of completions and of embeddings is read too', () => {
    const completion = { choices: [{ index: 0, text: 'Blue', finish_reason: 'length' }] };
    expect(read('http://h/v1/completions', JSON.stringify(completion))).toMatchObject({
      text: 'Blue',
      end: { outcome: 'completed', finishReason: 'length' },
    });
    const vector = Array.from({ length: 200_000 }, () => 0.125);
    const embedding = { data: [{ embedding: vector }], usage: { prompt_tokens: 8 } };
    expect(read('http://h/v1/embeddings', JSON.stringify(embedding)).end).toEqual({
      ...{ outcome: 'completed', inputTokens: 8, atMs: 7 },
    });
  });

  test.each([
    [{ error: { message: 'no such model', type: 'x' } }, 'no such model'],
    [{ type: 'error', error: { type: 'overloaded_error', message: 'Overloaded' } }, 'Overloaded'],
    [{ object: 'error', message: 'bad sampling' }, 'bad sampling'],
    [{ detail: 'Not Found' }, 'Not Found'],
    [{}, 'Error 503: Status'],
  ])('that refuses tells why: %j', (body, message) => {
    expect(read(CHAT, JSON.stringify(body), { status: 503 }).end).toEqual({
      ...{ outcome: 'error', error: { type: 'APIError', message, status: 503 }, atMs: 7 },
    });
  });

  test('that refuses is a failure also for who reads no further', () => {
    const { settled } = read(CHAT, '{"error":{"message":"busy"}}', { status: 429 });
    expect(settled).toEqual({
      ...{ outcome: 'error', error: { type: 'APIError', message: 'busy', status: 429 } },
    });
    expect(read(CHAT, '{"choices":[]}').settled).toBeUndefined();
  });

  test('that refuses in plain text is told verbatim', () => {
    const head = { status: 502, contentType: 'text/html' };
    expect(read(CHAT, '<h1>bad</h1>', head).end?.error?.message).toBe('<h1>bad</h1>');
  });
});

describe('the responses API', () => {
  const response = {
    object: 'response',
    status: 'completed',
    error: null,
    output: [
      { type: 'reasoning', summary: [{ type: 'summary_text', text: 'Hm' }] },
      { type: 'message', content: [{ type: 'output_text', text: 'Blue' }] },
    ],
    usage: { input_tokens: 9, output_tokens: 2 },
  };
  const counts = { inputTokens: 9, outputTokens: 2 };

  test('answers whole', () => {
    const { end, ...said } = read(RESPONSES, JSON.stringify(response));
    expect(said).toMatchObject({ text: 'Blue', chars: 6, outputs: 1 });
    expect(end).toEqual({ outcome: 'completed', finishReason: 'completed', ...counts, atMs: 7 });
  });

  test('streams, and ends with its last event', () => {
    const body = named(
      { type: 'response.created' },
      { type: 'response.output_item.added', ...{ item: { type: 'reasoning' } } },
      { type: 'response.reasoning_summary_text.delta', ...{ delta: 'Hm' } },
      { type: 'response.output_text.delta', ...{ delta: 'Bl' } },
      { type: 'response.output_text.delta', ...{ delta: 'ue' } },
      { type: 'response.output_item.added', ...{ item: { type: 'function_call' } } },
      { type: 'response.completed', ...{ response } },
    );
    expect(read(RESPONSES, body)).toMatchObject({ text: 'Blue', chars: 6, outputs: 4 });
    expect(read(RESPONSES, body).end).toEqual({
      ...{ outcome: 'completed', finishReason: 'completed', ...counts, atMs: 5 },
    });
  });

  test('says why it stopped early, why it failed, and that it broke off', () => {
    const incomplete = { incomplete_details: { reason: 'max_output_tokens' } };
    const ended = { type: 'response.incomplete', ...{ response: incomplete } };
    expect(read(RESPONSES, named(ended)).end).toMatchObject({
      ...{ outcome: 'completed', finishReason: 'max_output_tokens' },
    });
    const failed = {
      type: 'response.failed',
      ...{ response: { status: 'failed', error: { code: 'server_error', message: 'crashed' } } },
    };
    expect(read(RESPONSES, named(failed)).end).toMatchObject({
      ...{ outcome: 'error', error: { type: 'APIError', message: 'crashed' } },
    });
    const error = { type: 'error', ...{ code: 'x', message: 'crashed' } };
    expect(read(RESPONSES, events(error)).end?.error?.message).toBe('crashed');
    expect(read(RESPONSES, named({ type: 'response.created' })).end?.outcome).toBe('incomplete');
  });
});

describe('the messages API', () => {
  const start = {
    type: 'message_start',
    message: {
      usage: { input_tokens: 3, cache_read_input_tokens: 6, output_tokens: 1 },
    },
  };
  const block = (fields: object) => ({ type: 'content_block_delta', delta: fields });
  const stopped = {
    type: 'message_delta',
    ...{ delta: { stop_reason: 'end_turn' }, usage: { output_tokens: 12 } },
  };

  test('streams text, thinking and tools, with counts from both ends', () => {
    const body = named(
      start,
      { type: 'ping' },
      { type: 'content_block_start', ...{ content_block: { type: 'text', text: '' } } },
      block({ type: 'thinking_delta', thinking: 'Hm' }),
      block({ type: 'signature_delta', signature: 'abc' }),
      block({ type: 'text_delta', text: 'Blue' }),
      {
        type: 'content_block_start',
        ...{ content_block: { type: 'tool_use', name: 'weather', input: {} } },
      },
      block({ type: 'input_json_delta', partial_json: '{"city"' }),
      stopped,
      { type: 'message_stop' },
    );
    expect(read(MESSAGES, body)).toMatchObject({ text: 'Blue', chars: 6, outputs: 4 });
    expect(read(MESSAGES, body).end).toEqual({
      ...{ outcome: 'completed', finishReason: 'end_turn', inputTokens: 9, outputTokens: 12 },
      atMs: 5,
    });
  });

  test('broken off has the count that was told and not the one that was not', () => {
    const { end } = read(MESSAGES, named(start, block({ type: 'text_delta', text: 'Bl' })));
    expect(end).toMatchObject({ outcome: 'incomplete', inputTokens: 9 });
    expect(end?.outputTokens).toBeUndefined();
  });

  test('tells of an error in its stream', () => {
    const error = {
      type: 'error',
      ...{ error: { type: 'overloaded_error', message: 'Overloaded' } },
    };
    expect(read(MESSAGES, named(start, error)).end).toMatchObject({
      ...{ outcome: 'error', error: { type: 'APIError', message: 'Overloaded' } },
    });
  });

  test('answers whole', () => {
    const message = {
      type: 'message',
      content: [
        { type: 'thinking', thinking: 'Hm' },
        { type: 'text', text: 'Blue' },
      ],
      stop_reason: 'max_tokens',
      usage: { input_tokens: 9, output_tokens: 2 },
    };
    const { end, ...said } = read(MESSAGES, JSON.stringify(message));
    expect(said).toMatchObject({ text: 'Blue', chars: 6, outputs: 1 });
    expect(end).toEqual({
      ...{ outcome: 'completed', finishReason: 'max_tokens', inputTokens: 9, outputTokens: 2 },
      atMs: 7,
    });
  });
});
