import type { Dialect, Inference } from './dialect.ts';
import { anthropicError } from './openai-error.ts';
import { countTokens, saidPieces, saidText, type SaidPiece } from './said.ts';
import type { Script, ToolCall } from './script.ts';
import { typedEvent } from './server-sent-event.ts';

/** Anthropic's messages. */
export const anthropicDialect: Dialect = {
  streamType: 'text/event-stream',
  lines(inference) {
    let before: SaidPiece['kind'] | undefined;
    let index = -1;
    return saidPieces(inference.script).map((piece) => {
      let text = before === undefined ? start(inference) : '';
      if (piece.kind === 'tools') {
        for (const [at, call] of piece.calls.entries()) {
          text += (index >= 0 ? stop(index) : '') + toolEvents((index += 1), call, at);
        }
      } else {
        if (piece.kind !== before) {
          text += index >= 0 ? stop(index) : '';
          text += blockStart((index += 1), emptyBlock(piece.kind));
        }
        text += blockDelta(index, deltaOf(piece));
      }
      before = piece.kind;
      return text;
    });
  },
  ending(inference) {
    const { script } = inference;
    const index = contentOf(script).length - 1;
    const { output_tokens } = usageOf(inference);
    const delta = { stop_reason: stopReason(script), stop_sequence: null };
    return [
      index >= 0 ? stop(index) : start(inference),
      typedEvent({ type: 'message_delta', delta, usage: { output_tokens } }),
      typedEvent({ type: 'message_stop' }),
    ].join('');
  },
  whole: (inference) => ({
    ...messageOf(inference),
    content: contentOf(inference.script),
    stop_reason: stopReason(inference.script),
    usage: usageOf(inference),
  }),
  errorLine: (message) => typedEvent(anthropicError(500, message)),
  refusal: anthropicError,
};

function messageOf({ model }: Inference) {
  const ends = { stop_reason: null as string | null, stop_sequence: null };
  return {
    id: 'msg_7',
    type: 'message',
    role: 'assistant',
    model,
    content: [] as object[],
    ...ends,
  };
}

function usageOf({ promptChars, script }: Inference): Record<string, unknown> {
  const { input, output } = countTokens(promptChars, script);
  return { input_tokens: input, output_tokens: output, ...script.usage };
}

function stopReason(script: Script): string {
  return script.doneReason ?? (script.toolCalls ? 'tool_use' : 'end_turn');
}

function contentOf(script: Script): object[] {
  const kinds = new Set(saidPieces(script).map((piece) => piece.kind));
  const thinking = { ...emptyBlock('thinking'), thinking: saidText(script, 'thinking') };
  const text = { ...emptyBlock('content'), text: saidText(script, 'content') };
  return [
    ...(kinds.has('thinking') ? [thinking] : []),
    ...(kinds.has('content') ? [text] : []),
    ...(script.toolCalls ?? []).map((call, at) => ({
      ...toolBlock(call, at),
      input: call.arguments,
    })),
  ];
}

function emptyBlock(kind: 'thinking' | 'content'): object {
  return kind === 'content'
    ? { type: 'text', text: '' }
    : { type: 'thinking', thinking: '', signature: '' };
}

function toolBlock({ name }: ToolCall, at: number) {
  return { type: 'tool_use', id: `toolu_${at}`, name, input: {} };
}

function deltaOf(piece: { kind: 'thinking' | 'content'; text: string }): object {
  return piece.kind === 'content'
    ? { type: 'text_delta', text: piece.text }
    : { type: 'thinking_delta', thinking: piece.text };
}

/** Its count of output tokens says little, as Anthropic's own. */
function start(inference: Inference): string {
  const usage = { ...usageOf(inference), output_tokens: 1 };
  return typedEvent({ type: 'message_start', message: { ...messageOf(inference), usage } });
}

function toolEvents(index: number, call: ToolCall, at: number): string {
  const json = JSON.stringify(call.arguments);
  const delta = { type: 'input_json_delta', partial_json: json };
  return blockStart(index, toolBlock(call, at)) + blockDelta(index, delta);
}

function blockStart(index: number, content_block: object): string {
  return typedEvent({ type: 'content_block_start', index, content_block });
}

function blockDelta(index: number, delta: object): string {
  return typedEvent({ type: 'content_block_delta', index, delta });
}

function stop(index: number): string {
  return typedEvent({ type: 'content_block_stop', index });
}
