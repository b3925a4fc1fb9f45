import { createAnswer, NOTHING_SAID, type Answer, type AnswerFacts, type Said } from '../answer.ts';
import { isObject, text, type JsonObject } from '../json-fields.ts';
import { noteUsage } from '../usage.ts';

/** Reads an answer of Anthropic's messages API: the message itself, or the events of its stream. */
export function createMessagesAnswer(): Answer {
  return createAnswer((event, facts) => {
    switch (event['type']) {
      case 'message_start':
        noteStart(event['message'], facts);
        return NOTHING_SAID;
      case 'content_block_start':
        return readBlock(event['content_block']);
      case 'content_block_delta':
        return readBlock(event['delta']);
      case 'message_delta':
        noteEnd(event['delta'], event['usage'], facts);
        return NOTHING_SAID;
      case 'message_stop':
        facts.state = 'over';
        return NOTHING_SAID;
      case 'message':
      case undefined:
        noteEnd(event, event['usage'], facts);
        return readMessage(event['content']);
      default:
        return NOTHING_SAID;
    }
  });
}

/** Its count of output tokens says nothing yet. */
function noteStart(message: unknown, facts: AnswerFacts): void {
  const usage = isObject(message) ? message['usage'] : undefined;
  if (isObject(usage)) noteUsage({ ...usage, output_tokens: undefined }, facts);
}

function noteEnd(ended: unknown, usage: unknown, facts: AnswerFacts): void {
  noteUsage(usage, facts);
  const reason = isObject(ended) ? text(ended['stop_reason']) : undefined;
  if (!reason) return;
  facts.finishReason = reason.slice(0, 256);
  facts.state = 'finished';
}

function readMessage(content: unknown): Said {
  const blocks = Array.isArray(content) ? content.map(readBlock) : [];
  return {
    chars: blocks.reduce((sum, block) => sum + block.chars, 0),
    text: blocks.map((block) => block.text).join(''),
    isOutput: blocks.some((block) => block.isOutput),
  };
}

/** Text, thinking or the use of a tool; or a piece of them. */
function readBlock(block: unknown): Said {
  if (!isObject(block)) return NOTHING_SAID;
  const content = text(block['text']) ?? '';
  const thinking = text(block['thinking']) ?? '';
  return {
    chars: content.length + thinking.length,
    text: content,
    ...(thinking ? { thinking } : {}),
    isOutput: content !== '' || thinking !== '' || isToolUse(block),
  };
}

function isToolUse(block: JsonObject): boolean {
  const { type, partial_json: piece } = block;
  return String(type).endsWith('tool_use') || text(piece) !== undefined;
}
