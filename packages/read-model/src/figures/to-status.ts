import type { Rollup } from '@llm-monitor/contracts/redis';
import type { Status } from '@llm-monitor/contracts/rest';

import { sumDrops, type Instance } from '../apps/instances.ts';
import type { HostState } from '../hosts/host-state.ts';
import { listedModels } from '../hosts/listed-models.ts';
import { systemOf } from '../hosts/to-host.ts';
import { toFigures } from '../rollups/to-figures.ts';
import { isCollecting, sumCollecting, type Collecting } from './read-collecting.ts';

/** What of `GET /api/status` comes from the store; the version and the uptime are the service's own. */
export type StatusFigures = Omit<Status, 'version' | 'uptime'>;

/** @param from.hostName the machine whose system figures are preferred */
export function toStatus(from: {
  rollup: Rollup;
  active: number;
  hosts: readonly HostState[];
  instances: readonly Instance[];
  collecting: Collecting;
  bots: number;
  hostName: string | undefined;
  nowMs: number;
}): StatusFigures {
  const { hosts, nowMs } = from;
  const figures = toFigures(from.rollup);
  return {
    status: isCollecting(from.collecting) ? 'ok' : 'degraded',
    active_requests: from.active,
    total_requests: figures.total_requests,
    completed_requests: figures.completed_requests,
    failed_requests: figures.failed_requests,
    timeout_requests: figures.timeout_requests,
    cancelled_requests: figures.cancelled_requests,
    success_rate: figures.success_rate,
    avg_response_time: figures.avg_response_time,
    total_tokens: figures.total_tokens,
    input_tokens: figures.input_tokens,
    models_available: [...listedModels(hosts, nowMs).available].sort(),
    ...sumDrops(from.instances),
    ...sumCollecting(from.collecting),
    bots: from.bots,
    system: systemOf(hosts, from.hostName, nowMs),
  };
}
