import type { EndedRequest } from '@llm-monitor/contracts/rest';

export type PhaseName = 'queue' | 'load' | 'prompt' | 'generation' | 'before' | 'rest';

/** A stretch of a call's time. */
export interface PhaseShare {
  name: PhaseName;
  seconds: number;
  /** of the whole call, 0–100 */
  percent: number;
  isEstimate: boolean;
}

/** How a call's time was spent, from start to end. */
export interface CallPhases {
  shares: PhaseShare[];
  /** where in the bar the first token came, 0–100 */
  firstTokenPercent: number | null;
  /** by the server's own numbers, and not only by when the first token came */
  isByServer: boolean;
}

type Timed = Pick<EndedRequest, 'phases' | 'duration' | 'time_to_first_token'>;

/** Less of it is rounding, and not worth a colour. */
const LEAST_PERCENT = 0.05;

/** Null where nothing but the duration is known. */
export function callPhases(call: Timed): CallPhases | null {
  const { phases, duration, time_to_first_token: firstToken } = call;
  const stretches: [PhaseName, number][] = phases
    ? [
        ['queue', phases.queue],
        ['load', phases.load],
        ['prompt', phases.prompt],
        ['generation', phases.generation],
      ]
    : splitAtFirstToken(duration, firstToken);
  if (stretches.length === 0) return null;
  const told = stretches.reduce((sum, [, seconds]) => sum + seconds, 0);
  // The server's clock and the app's differ by a little: the bar is as long as the longer of both.
  const total = Math.max(duration, told);
  if (total <= 0) return null;
  const all: [PhaseName, number][] = [...stretches, ['rest', Math.max(0, total - told)]];
  return {
    shares: all
      .map(([name, seconds]) => ({
        name,
        seconds,
        percent: (100 * seconds) / total,
        isEstimate: name === 'queue',
      }))
      .filter(({ percent }) => percent >= LEAST_PERCENT),
    firstTokenPercent: firstToken === null ? null : Math.min(100, (100 * firstToken) / total),
    isByServer: phases !== null,
  };
}

function splitAtFirstToken(duration: number, firstToken: number | null): [PhaseName, number][] {
  if (firstToken === null) return [];
  return [
    ['before', Math.min(firstToken, duration)],
    ['generation', Math.max(0, duration - firstToken)],
  ];
}
