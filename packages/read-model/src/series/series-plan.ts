import { TTL_SECONDS } from '@llm-monitor/contracts/redis';

const MINUTE_SECONDS = 60;
const HOUR_SECONDS = 3600;
const DAY_SECONDS = 86_400;

/** About as many points as a chart is wide. */
const POINTS = 180;

/** Steps that divide a day, so that points stand at round times. */
const STEPS = [1, 2, 5, 10, 15, 30, 60, 120, 180, 360, 720, 1440].map((minutes) => minutes * 60);

/** The times of a series and what it is read from. */
export interface SeriesPlan {
  stepSeconds: number;
  unit: 'minute' | 'hour';
  /** Starts of the steps, ms since 1970, oldest first; the last one may not be over yet. */
  startsMs: number[];
}

/** The shortest step of a series that begins so long ago. */
export function shortestStepSeconds(ageMs: number): number {
  return ageMs <= TTL_SECONDS.minuteRollup * 1000 ? MINUTE_SECONDS : HOUR_SECONDS;
}

/** The step that gives a range a chart's number of points. @param ageMs how long ago it began */
export function defaultStepSeconds(rangeMs: number, ageMs: number = rangeMs): number {
  const shortest = Math.max(shortestStepSeconds(ageMs), rangeMs / 1000 / POINTS);
  return STEPS.find((step) => step >= shortest) ?? DAY_SECONDS;
}

/** @param stepSeconds a multiple of the shortest step at that age */
export function planSeries(options: {
  fromMs: number;
  toMs: number;
  stepSeconds: number;
}): SeriesPlan {
  const stepMs = options.stepSeconds * 1000;
  const startsMs: number[] = [];
  const first = Math.floor(options.fromMs / stepMs) * stepMs;
  for (let startMs = first; startMs < options.toMs; startMs += stepMs) startsMs.push(startMs);
  return {
    stepSeconds: options.stepSeconds,
    unit: options.stepSeconds % HOUR_SECONDS === 0 ? 'hour' : 'minute',
    startsMs,
  };
}
