import { createAnswer, type Answer, type AnswerFacts, type Said } from '../answer.ts';
import { isObject, text, type JsonObject } from '../json-fields.ts';
import { noteTimings, noteUsage } from '../usage.ts';

/** Reads an answer of chat completions, of completions or of embeddings: a whole one, or chunks of one. */
export function createChatAnswer(): Answer {
  /** The choices that have begun and have no finish reason. */
  const open = new Set<unknown>();
  const finish = (choices: readonly JsonObject[], facts: AnswerFacts) => {
    for (const choice of choices) {
      const reason = text(choice['finish_reason']);
      if (reason) {
        open.delete(choice['index']);
        facts.finishReason ??= reason.slice(0, 256);
      } else open.add(choice['index']);
    }
    if (facts.finishReason && open.size === 0) facts.state = 'finished';
  };
  return createAnswer((message, facts) => {
    noteTimings(message['timings'], facts);
    noteUsage(message['usage'], facts);
    const choices = Array.isArray(message['choices']) ? message['choices'].filter(isObject) : [];
    finish(choices, facts);
    return choices.map(readChoice).reduce(together, { chars: 0, text: '', isOutput: false });
  });
}

/** A chunk has a `delta`, a whole answer a `message`, a completion its text in itself. */
function readChoice(choice: JsonObject): Said {
  const part = choice['delta'] ?? choice['message'] ?? choice;
  const said = isObject(part) ? part : {};
  const content = text(said['content']) ?? text(said['text']) ?? text(said['refusal']) ?? '';
  const reasoning = text(said['reasoning_content']) ?? text(said['reasoning']) ?? '';
  const { tool_calls: toolCalls, function_call: functionCall } = said;
  const calls = (Array.isArray(toolCalls) && toolCalls.length > 0) || isObject(functionCall);
  return {
    chars: content.length + reasoning.length,
    // Only one of several answers can stand for the response.
    text: choice['index'] ? '' : content,
    ...(reasoning && !choice['index'] ? { thinking: reasoning } : {}),
    isOutput: content !== '' || reasoning !== '' || calls,
  };
}

function together(one: Said, other: Said): Said {
  return {
    chars: one.chars + other.chars,
    text: one.text + other.text,
    ...(one.thinking || other.thinking
      ? { thinking: (one.thinking ?? '') + (other.thinking ?? '') }
      : {}),
    isOutput: one.isOutput || other.isOutput,
  };
}
