import { defaultStepSeconds, shortestStepSeconds } from '@llm-monitor/read-model';
import { Type } from '@llm-monitor/contracts/typebox';

import { badParameter, ProblemError } from '../problem.ts';
import { callFilterParameters, toCallFilter, type CallFilter } from './call-filter.ts';
import { spanParameters, toSpan, type DemoParameter } from './parameters.ts';

const DEFAULT_RANGE = '1h';
const MOST_STEPS = 2000;

/** Parameters of everything over time. */
export const overTimeParameters = {
  ...spanParameters,
  step: Type.Optional(
    Type.Integer({
      minimum: 60,
      maximum: 86_400,
      multipleOf: 60,
      description:
        'whole minutes, in seconds, from 60 to 86400; whole hours for what began over 48 h ago. By default about 180 points',
    }),
  ),
  ...callFilterParameters,
} as const;

interface OverTime {
  range?: string;
  from?: string;
  to?: string;
  step?: number;
  model?: string;
  app?: string;
  host?: string;
  demo?: DemoParameter;
}

/** Which calls and hosts, and in which steps. */
export interface OverTimeOptions extends CallFilter {
  fromMs: number;
  toMs: number;
  stepSeconds: number;
  nowMs: number;
}

/** @throws a 400 that says what to ask instead */
export function toOverTimeOptions(query: OverTime, nowMs: number): OverTimeOptions {
  const span = toSpan(query, nowMs) ?? toSpan({ range: DEFAULT_RANGE }, nowMs);
  const { fromMs, toMs } = span ?? { fromMs: nowMs, toMs: nowMs };
  const ageMs = nowMs - fromMs;
  const stepSeconds = query.step ?? defaultStepSeconds(toMs - fromMs, ageMs);
  if (stepSeconds % shortestStepSeconds(ageMs) !== 0) {
    throw badParameter(
      'step',
      String(stepSeconds),
      'a multiple of 3600 for a range over 48 h, or one that began longer ago',
    );
  }
  if ((toMs - fromMs) / 1000 / stepSeconds > MOST_STEPS) {
    throw new ProblemError(
      400,
      'Bad parameter',
      `These would be more than ${MOST_STEPS} steps. Ask for longer ones by "step", or for a shorter time.`,
    );
  }
  return { fromMs, toMs, stepSeconds, nowMs, ...toCallFilter(query) };
}
