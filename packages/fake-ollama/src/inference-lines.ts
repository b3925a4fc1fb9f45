import { defaultContent, type Script } from './script.ts';

/** The endpoints that run a model and stream. */
export type InferencePath = 'generate' | 'chat';

type Line = Record<string, unknown>;

/** Everything that the lines of one answer say, apart from when. */
export interface Inference {
  path: InferencePath;
  model: string;
  promptChars: number;
  script: Script;
}

/** The lines before the final one: thinking, content, tool calls. */
export function answerLines({ path, model, script }: Inference): Line[] {
  const lines: Line[] = [];
  const { createdAt } = script;
  for (const piece of script.thinking ?? [])
    lines.push(line(path, model, { createdAt, thinking: piece }));
  const content = script.content ?? defaultContent;
  const own = script.finalLineHasContent ? content.slice(0, -1) : content;
  for (const piece of own) lines.push(line(path, model, { createdAt, content: piece }));
  if (script.toolCalls) lines.push(line(path, model, { createdAt, toolCalls: script.toolCalls }));
  return lines;
}

/** The final line, with counts and with durations in nanoseconds. */
export function finalLine(
  { path, model, promptChars, script }: Inference,
  elapsedMs: number,
): Line {
  const content = script.content ?? defaultContent;
  const last = script.finalLineHasContent ? (content.at(-1) ?? '') : '';
  const loadMs = script.headersDelayMs ?? 0;
  const promptMs = script.firstTokenDelayMs ?? 0;
  return {
    ...line(path, model, { createdAt: script.createdAt, content: last }),
    done: true,
    done_reason: script.doneReason ?? 'stop',
    ...(path === 'generate' ? { context: [1, 2, 3] } : {}),
    total_duration: nanoseconds(elapsedMs),
    load_duration: nanoseconds(loadMs),
    prompt_eval_count: Math.ceil(promptChars / 4),
    prompt_eval_duration: nanoseconds(promptMs),
    eval_count: (script.thinking?.length ?? 0) + content.length,
    eval_duration: nanoseconds(elapsedMs - loadMs - promptMs),
    ...script.final,
  };
}

/** The one object that answers without streaming. */
export function wholeAnswer(inference: Inference, elapsedMs: number): Line {
  const { path, model, script } = inference;
  const said: Said = { content: (script.content ?? defaultContent).join('') };
  if (script.thinking) said.thinking = script.thinking.join('');
  if (script.toolCalls) said.toolCalls = script.toolCalls;
  const { message, response, thinking } = line(path, model, said);
  const final = finalLine(inference, elapsedMs);
  if (path === 'chat') return { ...final, message };
  return { ...final, response, ...(thinking === undefined ? {} : { thinking }) };
}

/** The answer to an empty prompt: the model was loaded or, with `keep_alive: 0`, unloaded. */
export function loadAnswer(path: InferencePath, model: string, unload: boolean): Line {
  return {
    ...line(path, model, { content: '' }),
    done: true,
    done_reason: unload ? 'unload' : 'load',
  };
}

interface Said {
  createdAt?: string | undefined;
  content?: string;
  thinking?: string;
  toolCalls?: Script['toolCalls'];
}

function line(path: InferencePath, model: string, said: Said): Line {
  const common = { model, created_at: said.createdAt ?? new Date().toISOString() };
  const thinking = said.thinking === undefined ? {} : { thinking: said.thinking };
  const toolCalls = said.toolCalls?.map((call) => ({ function: call }));
  const text = said.content ?? '';
  if (path === 'generate') return { ...common, response: text, ...thinking, done: false };
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
