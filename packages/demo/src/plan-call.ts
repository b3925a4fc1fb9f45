import type { Script } from '@llm-monitor/fake-ollama';

import type { CallKind, DemoApp } from './demo-apps.ts';
import { wordsOf } from './demo-answers.ts';

/** How a played call ends. */
export type Ending = 'completed' | 'failed' | 'timeout' | 'cancelled';

/** One call: what the app asks, how the server answers, and what comes between. */
export interface PlannedCall {
  operation: CallKind['operation'];
  model: string;
  stream: boolean;
  prompt: string;
  script: Script;
  ending: Ending;
  /** For a time-out: the app's patience. For a cancel: when it changes its mind. */
  patienceMs?: number;
}

/** Numbers in [0, 1), one after the other. */
export type Random = () => number;

const SYMBOLS = ['BTC/USDT', 'ETH/USDT', 'SOL/USDT', 'EUR/USD', 'NVDA', 'ENI.MI', 'AAPL'];
const FAULTS: readonly NonNullable<Script['fault']>[] = [
  { kind: 'http', status: 404, error: "model 'mixtral:8x22b' not found" },
  { kind: 'http', status: 500, error: 'llama runner process has terminated: exit status 2' },
  {
    kind: 'error-line',
    error: 'an error was encountered while running the model: CUDA out of memory',
    afterLines: 9,
  },
  { kind: 'reset', afterLines: 14 },
  { kind: 'eof', afterLines: 20 },
];
const SHARES: readonly [Ending, number][] = [
  ['failed', 0.05],
  ['timeout', 0.03],
  ['cancelled', 0.04],
];

/** Plays one call of an app. The same random numbers give the same call. */
export function planCall(app: DemoApp, random: Random): PlannedCall {
  const kind = pick(app.kinds, random);
  const ending = planEnding(kind, random);
  const model = pick(kind.models, random);
  const script = planAnswer(kind, random);
  const fault = ending === 'failed' ? pick(FAULTS, random) : undefined;
  return {
    operation: kind.operation,
    model: fault?.kind === 'http' && fault.status === 404 ? 'mixtral:8x22b' : model,
    stream: kind.stream,
    prompt: fill(pick(kind.prompts, random), random),
    ending,
    script: {
      ...script,
      ...(fault ? { fault } : {}),
      ...(ending === 'timeout' ? { fault: { kind: 'hang', afterLines: 5 } } : {}),
    },
    ...(ending === 'timeout' || ending === 'cancelled'
      ? { patienceMs: between(1500, 6000, random) }
      : {}),
  };
}

/** Only a stream can be cut in its middle; an embedding is over before anything could happen. */
function planEnding(kind: CallKind, random: Random): Ending {
  const drawn = random();
  if (!kind.stream) return 'completed';
  let sum = 0;
  for (const [ending, share] of SHARES) {
    sum += share;
    if (drawn < sum) return ending;
  }
  return 'completed';
}

function planAnswer(kind: CallKind, random: Random): Script {
  const tokens = Math.round(between(kind.tokens[0], kind.tokens[1], random));
  const perSecond = between(14, 70, random);
  return {
    content: wordsOf(tokens, random),
    ...(kind.thinking ? { thinking: wordsOf(Math.round(tokens / 3), random) } : {}),
    // Now and then the model was not in memory and is loaded first.
    headersDelayMs: random() < 0.12 ? between(1500, 4000, random) : between(20, 120, random),
    firstTokenDelayMs: between(120, 900, random),
    tokenDelayMs: kind.tokens[1] === 0 ? 0 : 1000 / perSecond,
  };
}

function fill(prompt: string, random: Random): string {
  return prompt
    .replaceAll('{symbol}', pick(SYMBOLS, random))
    .replaceAll('{number}', String(Math.round(between(2, 60, random))));
}

export function between(from: number, to: number, random: Random): number {
  return from + (to - from) * random();
}

function pick<T>(list: readonly T[], random: Random): T {
  const one = list[Math.floor(random() * list.length)];
  if (one === undefined) throw new Error('there is nothing to choose from');
  return one;
}
