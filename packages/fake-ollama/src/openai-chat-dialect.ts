import type { Dialect, Inference } from './dialect.ts';
import { openaiError } from './openai-error.ts';
import { countTokens, createdSeconds, saidPieces, saidText, type SaidPiece } from './said.ts';
import type { Script, ToolCall } from './script.ts';
import { serverSentEvent } from './server-sent-event.ts';

const MADE_BY = { system_fingerprint: 'fp_ollama' };

/** OpenAI's chat completions. */
export const openaiChatDialect: Dialect = {
  streamType: 'text/event-stream',
  lines: (inference) =>
    saidPieces(inference.script).map((piece) =>
      deltasOf(piece)
        .map((delta) => chunk(inference, [{ index: 0, delta, finish_reason: null }]))
        .join(''),
    ),
  ending(inference) {
    const delta = { role: 'assistant', content: '' };
    const finish = { index: 0, delta, finish_reason: finishReason(inference.script) };
    return chunk(inference, [finish]) + usageChunk(inference, chunk) + DONE;
  },
  whole(inference) {
    const { script } = inference;
    const message = {
      role: 'assistant',
      content: saidText(script, 'content'),
      ...(script.thinking ? { reasoning: saidText(script, 'thinking') } : {}),
      ...(script.toolCalls ? { tool_calls: script.toolCalls.map(toolCall) } : {}),
    };
    const choice = { index: 0, message, finish_reason: finishReason(script) };
    const head = { ...headOf(inference, 'chatcmpl-7', 'chat.completion'), ...MADE_BY };
    return { ...head, choices: [choice], usage: usageOf(inference) };
  },
  errorLine: (message) => serverSentEvent(openaiError(500, message)),
  refusal: openaiError,
};

export const DONE = 'data: [DONE]\n\n';

/** What is the same in every chunk. */
export function headOf({ model, script }: Inference, id: string, object: string) {
  return { id, object, created: createdSeconds(script), model };
}

/** The counts that a stream ends with when `stream_options.include_usage` asks for them. */
export function usageChunk(
  inference: Inference,
  write: (inference: Inference, choices: [], more: object) => string,
): string {
  const options = inference.request['stream_options'] as { include_usage?: boolean } | undefined;
  return options?.include_usage ? write(inference, [], { usage: usageOf(inference) }) : '';
}

export function usageOf({ promptChars, script }: Inference): Record<string, unknown> {
  const { input, output } = countTokens(promptChars, script);
  const total = { total_tokens: input + output };
  return { prompt_tokens: input, completion_tokens: output, ...total, ...script.usage };
}

export function finishReason(script: Script): string {
  return script.doneReason ?? (script.toolCalls ? 'tool_calls' : 'stop');
}

function chunk(inference: Inference, choices: unknown[], more: object = {}): string {
  const head = headOf(inference, 'chatcmpl-7', 'chat.completion.chunk');
  return serverSentEvent({ ...head, ...MADE_BY, choices, ...more });
}

/** The arguments of a tool come after its name, as with OpenAI itself. */
function deltasOf(piece: SaidPiece): object[] {
  const role = 'assistant';
  if (piece.kind === 'content') return [{ role, content: piece.text }];
  if (piece.kind === 'thinking') return [{ role, content: '', reasoning: piece.text }];
  return piece.calls.flatMap((call, index) => {
    const whole = toolCall(call, index);
    const { arguments: json } = whole.function;
    const named = { ...whole, index, function: { ...whole.function, arguments: '' } };
    return [
      { role, content: '', tool_calls: [named] },
      { tool_calls: [{ index, function: { arguments: json } }] },
    ];
  });
}

function toolCall(call: ToolCall, index: number) {
  const { name, arguments: values } = call;
  return {
    id: `call_${index}`,
    type: 'function',
    function: { name, arguments: JSON.stringify(values) },
  };
}
