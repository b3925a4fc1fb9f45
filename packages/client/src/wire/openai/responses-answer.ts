import { createAnswer, NOTHING_SAID, type Answer, type AnswerFacts, type Said } from '../answer.ts';
import { errorIn } from '../api-error.ts';
import { isObject, text, type JsonObject } from '../json-fields.ts';
import { noteUsage } from '../usage.ts';

const ENDS: ReadonlySet<unknown> = new Set([
  'response.completed',
  'response.incomplete',
  'response.failed',
]);

/** Reads an answer of the responses API: the response itself, or the events of its stream. */
export function createResponsesAnswer(): Answer {
  return createAnswer((message, facts) => {
    const { type, response, item, delta } = message;
    if (typeof type !== 'string') {
      noteResponse(message, facts);
      return readOutput(message['output']);
    }
    if (ENDS.has(type)) {
      facts.state = 'over';
      if (isObject(response)) noteResponse(response, facts);
    } else if (type === 'response.output_item.added') {
      return isObject(item) && isToolCall(item)
        ? { ...NOTHING_SAID, isOutput: true }
        : NOTHING_SAID;
    } else if (type.endsWith('.delta')) return readDelta(type, text(delta) ?? '');
    return NOTHING_SAID;
  });
}

/** Text, a refusal, reasoning; or a piece of a tool's arguments, or of what is no text. */
function readDelta(type: string, delta: string): Said {
  const isContent = type === 'response.output_text.delta' || type === 'response.refusal.delta';
  const isText = isContent || type.startsWith('response.reasoning_');
  return {
    chars: isText ? delta.length : 0,
    text: isContent ? delta : '',
    ...(isText && !isContent ? { thinking: delta } : {}),
    isOutput: delta !== '',
  };
}

function noteResponse(response: JsonObject, facts: AnswerFacts): void {
  noteUsage(response['usage'], facts);
  const { status, incomplete_details: incomplete } = response;
  const reason = isObject(incomplete) ? incomplete['reason'] : undefined;
  const finishReason = (text(reason) ?? text(status))?.slice(0, 256);
  if (finishReason) facts.finishReason = finishReason;
  const error = errorIn({ error: response['error'] });
  if (error) facts.error = error;
}

function readOutput(output: unknown): Said {
  const items = Array.isArray(output) ? output.filter(isObject) : [];
  const parts = items.flatMap((item) =>
    [item['content'], item['summary']].flatMap((list) => (Array.isArray(list) ? list : [])),
  );
  const said = parts.filter(isObject).map((part) => ({
    content: text(part['text']) ?? text(part['refusal']) ?? '',
    isReasoning: /reasoning|summary/.test(String(part['type'])),
  }));
  const chars = said.reduce((sum, { content }) => sum + content.length, 0);
  const contents = said.filter((one) => !one.isReasoning).map((one) => one.content);
  return { chars, text: contents.join(''), isOutput: chars > 0 || items.some(isToolCall) };
}

function isToolCall(item: JsonObject): boolean {
  return String(item['type']).endsWith('_call');
}
