import { saidPieces, saidText } from './said.ts';
import type { Script, ToolCall } from './script.ts';

/** One item of a response's output. */
export type OutputItem = { id: string; type: string } & Record<string, unknown>;

/** The items that an answer consists of: reasoning, a message, calls of tools. */
export function outputOf(script: Script): OutputItem[] {
  const kinds = new Set(saidPieces(script).map((piece) => piece.kind));
  const reasoning = { type: 'summary_text', text: saidText(script, 'thinking') };
  const content = [{ type: 'output_text', text: saidText(script, 'content'), annotations: [] }];
  return [
    ...(kinds.has('thinking') ? [{ id: 'rs_7', type: 'reasoning', summary: [reasoning] }] : []),
    ...(kinds.has('content')
      ? [{ id: 'msg_7', type: 'message', status: 'completed', role: 'assistant', content }]
      : []),
    ...(script.toolCalls ?? []).map(functionCall),
  ];
}

function functionCall({ name, arguments: values }: ToolCall, index: number): OutputItem {
  const called = { call_id: `call_${index}`, name, arguments: JSON.stringify(values) };
  return { id: `fc_${index}`, type: 'function_call', status: 'completed', ...called };
}
