import type { Dialect, Inference } from './dialect.ts';
import { openaiError } from './openai-error.ts';
import { outputOf, type OutputItem } from './openai-responses-output.ts';
import { countTokens, createdSeconds, saidPieces, type SaidPiece } from './said.ts';
import { typedEvent } from './server-sent-event.ts';

type Event = { type: string } & Record<string, unknown>;

/** OpenAI's responses API. */
export const openaiResponsesDialect: Dialect = {
  streamType: 'text/event-stream',
  lines(inference) {
    const write = numbered(0);
    let before: SaidPiece['kind'] | undefined;
    return saidPieces(inference.script).map((piece) => {
      const events: Event[] = before === undefined ? [created(inference)] : [];
      if (piece.kind !== before) events.push(...opening(inference, piece.kind));
      before = piece.kind;
      return [...events, ...deltas(inference, piece)].map(write).join('');
    });
  },
  ending(inference) {
    const write = numbered(1000);
    const closing = outputOf(inference.script).flatMap((item, output_index) => [
      ...closingOf(item, output_index),
      { type: 'response.output_item.done', output_index, item },
    ]);
    const isCut = inference.script.doneReason === 'length';
    const type = isCut ? 'response.incomplete' : 'response.completed';
    const nothing = closing.length === 0 ? [created(inference)] : [];
    return [...nothing, ...closing, { type, response: ended(inference) }].map(write).join('');
  },
  whole: ended,
  errorLine: (message) =>
    typedEvent({ type: 'error', code: 'server_error', message, param: null, sequence_number: 999 }),
  refusal: openaiError,
};

function numbered(from: number): (event: Event) => string {
  let sequence = from;
  return (event) => typedEvent({ ...event, sequence_number: sequence++ });
}

function created(inference: Inference): Event {
  return { type: 'response.created', response: begun(inference) };
}

function begun({ model, script }: Inference) {
  const created_at = createdSeconds(script);
  const id = 'resp_7';
  const rest = { error: null, incomplete_details: null, output: [] as OutputItem[], usage: null };
  return { id, object: 'response', created_at, status: 'in_progress', model, ...rest };
}

function ended(inference: Inference) {
  const { promptChars, script } = inference;
  const { input, output } = countTokens(promptChars, script);
  const isCut = script.doneReason === 'length';
  return {
    ...begun(inference),
    status: isCut ? 'incomplete' : 'completed',
    incomplete_details: isCut ? { reason: 'max_output_tokens' } : null,
    output: outputOf(inference.script),
    usage: {
      ...{ input_tokens: input, input_tokens_details: { cached_tokens: 0 } },
      ...{ output_tokens: output, output_tokens_details: { reasoning_tokens: 0 } },
      ...{ total_tokens: input + output, ...script.usage },
    },
  };
}

/** What comes before the first piece of a kind. */
function opening(inference: Inference, kind: SaidPiece['kind']): Event[] {
  return outputOf(inference.script).flatMap((item, output_index): Event[] => {
    const at = { item_id: item.id, output_index };
    if (kind === 'tools' && item.type === 'function_call') {
      const started = { ...item, status: 'in_progress', arguments: '' };
      return [{ type: 'response.output_item.added', output_index, item: started }];
    }
    if (kind === 'content' && item.type === 'message') {
      const started = { ...item, status: 'in_progress', content: [] };
      const part = { type: 'output_text', text: '', annotations: [] };
      return [
        { type: 'response.output_item.added', output_index, item: started },
        { type: 'response.content_part.added', ...at, content_index: 0, part },
      ];
    }
    if (kind !== 'thinking' || item.type !== 'reasoning') return [];
    const part = { type: 'summary_text', text: '' };
    return [
      { type: 'response.output_item.added', output_index, item: { ...item, summary: [] } },
      { type: 'response.reasoning_summary_part.added', ...at, summary_index: 0, part },
    ];
  });
}

function deltas(inference: Inference, piece: SaidPiece): Event[] {
  const output = outputOf(inference.script);
  const at = (type: string) => {
    const output_index = output.findIndex((item) => item.type === type);
    return { item_id: output[output_index]?.id, output_index };
  };
  if (piece.kind === 'thinking') {
    const type = 'response.reasoning_summary_text.delta';
    return [{ type, ...at('reasoning'), summary_index: 0, delta: piece.text }];
  }
  if (piece.kind === 'content') {
    const type = 'response.output_text.delta';
    return [{ type, ...at('message'), content_index: 0, delta: piece.text, logprobs: [] }];
  }
  return output.flatMap((item, output_index) =>
    item.type === 'function_call'
      ? [
          {
            type: 'response.function_call_arguments.delta',
            ...{ item_id: item.id, output_index, delta: item['arguments'] },
          },
        ]
      : [],
  );
}

/** What ends an item before it is called done. */
function closingOf(item: OutputItem, output_index: number): Event[] {
  const at = { item_id: item.id, output_index };
  if (item.type === 'function_call') {
    const { name, arguments: json } = item;
    return [{ type: 'response.function_call_arguments.done', ...at, name, arguments: json }];
  }
  if (item.type !== 'message') return [];
  const part = (item['content'] as { text: string }[])[0];
  const text = part?.text ?? '';
  return [
    { type: 'response.output_text.done', ...at, content_index: 0, text, logprobs: [] },
    { type: 'response.content_part.done', ...at, content_index: 0, part },
  ];
}
