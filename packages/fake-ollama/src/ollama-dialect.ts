import type { Dialect, Inference } from './dialect.ts';
import { countTokens, saidText } from './said.ts';
import { defaultContent, type Script } from './script.ts';

/** The endpoints of Ollama's own that run a model and stream. */
export type OllamaEndpoint = 'generate' | 'chat';

type Line = Record<string, unknown>;

/** Ollama's native protocol: a JSON object in each line. */
export function ollamaDialect(endpoint: OllamaEndpoint): Dialect {
  return {
    streamType: 'application/x-ndjson',
    lines: (inference) => answerLines(endpoint, inference).map(written),
    ending: (inference, elapsedMs) => written(finalLine(endpoint, inference, elapsedMs)),
    whole: (inference, elapsedMs) => wholeAnswer(endpoint, inference, elapsedMs),
    errorLine: (error) => written({ error }),
    refusal: (_, error) => ({ error }),
  };
}

/** The answer to an empty prompt: the model was loaded or, with `keep_alive: 0`, unloaded. */
export function loadAnswer(endpoint: OllamaEndpoint, model: string, unload: boolean): Line {
  return {
    ...line(endpoint, model, { content: '' }),
    done: true,
    done_reason: unload ? 'unload' : 'load',
  };
}

function written(fields: Line): string {
  return `${JSON.stringify(fields)}\n`;
}

/** The lines before the final one: thinking, content, tool calls. */
function answerLines(endpoint: OllamaEndpoint, { model, script }: Inference): Line[] {
  const { createdAt, thinking = [], content = defaultContent, toolCalls } = script;
  const own = script.finalLineHasContent ? content.slice(0, -1) : content;
  const said: Said[] = [
    ...thinking.map((piece) => ({ thinking: piece })),
    ...own.map((piece) => ({ content: piece })),
    ...(toolCalls ? [{ toolCalls }] : []),
  ];
  return said.map((one) => line(endpoint, model, { createdAt, ...one }));
}

/** The final line, with counts and with durations in nanoseconds. */
function finalLine(
  endpoint: OllamaEndpoint,
  { model, promptChars, script }: Inference,
  elapsedMs: number,
): Line {
  const content = script.content ?? defaultContent;
  const last = script.finalLineHasContent ? (content.at(-1) ?? '') : '';
  const loadMs = script.headersDelayMs ?? 0;
  const promptMs = script.firstTokenDelayMs ?? 0;
  const tokens = countTokens(promptChars, script);
  return {
    ...line(endpoint, model, { createdAt: script.createdAt, content: last }),
    done: true,
    done_reason: script.doneReason ?? 'stop',
    ...(endpoint === 'generate' ? { context: [1, 2, 3] } : {}),
    total_duration: nanoseconds(elapsedMs),
    load_duration: nanoseconds(loadMs),
    prompt_eval_count: tokens.input,
    prompt_eval_duration: nanoseconds(promptMs),
    eval_count: tokens.output,
    eval_duration: nanoseconds(elapsedMs - loadMs - promptMs),
    ...script.final,
  };
}

function wholeAnswer(endpoint: OllamaEndpoint, inference: Inference, elapsedMs: number): Line {
  const { model, script } = inference;
  const said: Said = { content: saidText(script, 'content') };
  if (script.thinking) said.thinking = saidText(script, 'thinking');
  if (script.toolCalls) said.toolCalls = script.toolCalls;
  const { message, response, thinking } = line(endpoint, model, said);
  const final = finalLine(endpoint, inference, elapsedMs);
  if (endpoint === 'chat') return { ...final, message };
  return { ...final, response, ...(thinking === undefined ? {} : { thinking }) };
}

interface Said {
  createdAt?: string | undefined;
  content?: string;
  thinking?: string;
  toolCalls?: Script['toolCalls'];
}

function line(endpoint: OllamaEndpoint, model: string, said: Said): Line {
  const common = { model, created_at: said.createdAt ?? new Date().toISOString() };
  const thinking = said.thinking === undefined ? {} : { thinking: said.thinking };
  const toolCalls = said.toolCalls?.map((call) => ({ function: call }));
  const text = said.content ?? '';
  if (endpoint === 'generate') return { ...common, response: text, ...thinking, done: false };
  return {
    ...common,
    message: {
      role: 'assistant',
      content: text,
      ...thinking,
      ...(toolCalls ? { tool_calls: toolCalls } : {}),
    },
    done: false,
  };
}

function nanoseconds(ms: number): number {
  return Math.max(0, Math.round(ms * 1e6));
}
