// What the model servers of the benchmarks answer: streams of as many chunks as the prompt names, of a word each.
const encoder = new TextEncoder();
const cached = new Map();

const WORD = 'word ';

/** The chunks of the answer to a request, each as bytes of its own, and their type. */
export function answerTo(url, body) {
  const chunks = Number(/answer in (\d+) words/.exec(body)?.[1] ?? 1);
  const isOllama = url.includes('/api/');
  const key = `${isOllama ? 'ollama' : 'openai'} ${chunks}`;
  if (!cached.has(key)) {
    const lines = isOllama ? ollamaLines(chunks) : openaiLines(chunks);
    cached.set(
      key,
      lines.map((line) => encoder.encode(line)),
    );
  }
  const type = isOllama ? 'application/x-ndjson' : 'text/event-stream; charset=utf-8';
  return { type, chunks: cached.get(key) };
}

function ollamaLines(chunks) {
  const message = (content) => ({
    model: 'm:1',
    created_at: '2026-01-01T00:00:00.000000000Z',
    message: { role: 'assistant', content },
  });
  const final = {
    ...{ ...message(''), done: true, done_reason: 'stop', total_duration: 2e9, load_duration: 1e6 },
    ...{ prompt_eval_count: 9, prompt_eval_duration: 5e7, eval_count: chunks, eval_duration: 1e9 },
  };
  const words = Array.from({ length: chunks }, () => ({ ...message(WORD), done: false }));
  return [...words, final].map((line) => `${JSON.stringify(line)}\n`);
}

function openaiLines(chunks) {
  const chunk = (fields) => ({
    ...{ id: 'chatcmpl-1', object: 'chat.completion.chunk', created: 1_767_225_600, model: 'm:1' },
    ...{ choices: [], usage: null },
    ...fields,
  });
  const choice = (delta, finish_reason = null) => ({
    choices: [{ index: 0, delta, logprobs: null, finish_reason }],
  });
  const usage = { prompt_tokens: 9, completion_tokens: chunks, total_tokens: chunks + 9 };
  const objects = [
    ...Array.from({ length: chunks }, () => chunk(choice({ content: WORD }))),
    chunk(choice({}, 'stop')),
    chunk({ usage }),
  ];
  return [...objects.map((object) => `data: ${JSON.stringify(object)}\n\n`), 'data: [DONE]\n\n'];
}
