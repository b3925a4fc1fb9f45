import { defaultContent, type Script, type ToolCall } from './script.ts';

/** One piece of an answer. */
export type SaidPiece =
  | { kind: 'thinking'; text: string }
  | { kind: 'content'; text: string }
  | { kind: 'tools'; calls: readonly ToolCall[] };

/** What a script says, piece by piece. */
export function saidPieces(script: Script): SaidPiece[] {
  const { thinking = [], content = defaultContent, toolCalls } = script;
  return [
    ...thinking.map((text) => ({ kind: 'thinking' as const, text })),
    ...content.map((text) => ({ kind: 'content' as const, text })),
    ...(toolCalls ? [{ kind: 'tools' as const, calls: toolCalls }] : []),
  ];
}

/** All that it says of a kind. */
export function saidText(script: Script, kind: 'thinking' | 'content'): string {
  return (
    (kind === 'thinking' ? script.thinking : (script.content ?? defaultContent))?.join('') ?? ''
  );
}

/** One token for each piece, and one for every four characters of the prompt. */
export function countTokens(promptChars: number, script: Script) {
  const { thinking = [], content = defaultContent } = script;
  return { input: Math.ceil(promptChars / 4), output: thinking.length + content.length };
}

/** Seconds of the Unix epoch. */
export function createdSeconds(script: Script): number {
  return Math.floor((script.createdAt ? Date.parse(script.createdAt) : Date.now()) / 1000);
}
