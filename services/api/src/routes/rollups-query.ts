import { shortestStepSeconds, type RollupQuery } from '@llm-monitor/read-model';
import { Type, type Static } from '@llm-monitor/contracts/typebox';

import { badParameter } from '../problem.ts';
import { callFilterParameters, toCallFilter } from './call-filter.ts';
import { spanParameters, toSpan } from './parameters.ts';

const DEFAULT_RANGE = '24h';
const RESOLUTIONS = ['minute', 'hour'] as const;
const RESOLUTION_FORM = 'minute or hour; minutes are kept for 48 h';

/** Parameters of `GET /api/export/rollups.…`. */
export const RollupsQuery = Type.Object({
  ...spanParameters,
  resolution: Type.Optional(
    Type.Enum([...RESOLUTIONS], {
      description: `${RESOLUTION_FORM}. By default minutes where they are kept`,
    }),
  ),
  ...callFilterParameters,
});
export type RollupsQuery = Static<typeof RollupsQuery>;

/** @throws a 400 that says what to ask instead */
export function toRollupQuery(query: RollupsQuery, nowMs: number): RollupQuery {
  const span = toSpan(query, nowMs) ?? toSpan({ range: DEFAULT_RANGE }, nowMs);
  const { fromMs, toMs } = span ?? { fromMs: nowMs, toMs: nowMs };
  const hasMinutes = shortestStepSeconds(nowMs - fromMs) < 3600;
  const resolution = query.resolution ?? (hasMinutes ? 'minute' : 'hour');
  if (resolution === 'minute' && !hasMinutes) {
    throw badParameter('resolution', resolution, `hour for what began over 48 h ago`);
  }
  return { resolution, fromMs, toMs, ...toCallFilter(query) };
}
