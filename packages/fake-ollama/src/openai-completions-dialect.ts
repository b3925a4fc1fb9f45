import type { Dialect, Inference } from './dialect.ts';
import {
  DONE,
  finishReason,
  headOf,
  openaiChatDialect,
  usageChunk,
  usageOf,
} from './openai-chat-dialect.ts';
import { saidText } from './said.ts';
import { defaultContent } from './script.ts';
import { serverSentEvent } from './server-sent-event.ts';

/** OpenAI's completions of before its chat. */
export const openaiCompletionsDialect: Dialect = {
  ...openaiChatDialect,
  lines: (inference) =>
    (inference.script.content ?? defaultContent).map((text) =>
      chunk(inference, [{ index: 0, text, finish_reason: null }]),
    ),
  ending(inference) {
    const finish = { index: 0, text: '', finish_reason: finishReason(inference.script) };
    return chunk(inference, [finish]) + usageChunk(inference, chunk) + DONE;
  },
  whole(inference) {
    const { script } = inference;
    const text = saidText(script, 'content');
    const choice = { index: 0, text, finish_reason: finishReason(script) };
    return { ...head(inference), choices: [choice], usage: usageOf(inference) };
  },
};

function chunk(inference: Inference, choices: unknown[], more: object = {}): string {
  return serverSentEvent({ ...head(inference), choices, ...more });
}

function head(inference: Inference) {
  return headOf(inference, 'cmpl-7', 'text_completion');
}
