import type { Pipeline } from '@llm-monitor/contracts/rest';

import { formatBytes } from '../terminal/format.ts';
import { note, ok, problem, warning, type Finding } from './finding.ts';

const MUCH_SKEW_SECONDS = 2;
const NEARLY_FULL = 0.9;

/** How events flow, what Redis holds, and whose clock is wrong; undefined what could not be asked. */
export interface FlowReadings {
  api: 'answers' | 'locked' | 'silent';
  pipeline: Pipeline | undefined;
  hosts: readonly { name: string; clock_skew: number; online: boolean }[];
  redis: { usedBytes: number; maxBytes: number } | undefined;
  command: string;
}

export function judgeFlow(readings: FlowReadings): Finding[] {
  const { api, pipeline, command } = readings;
  if (api === 'locked') {
    return [
      problem(
        'API',
        'it asks for a token that is not known here.',
        'Set LLM_MONITOR_TOKEN to that of the monitor.',
      ),
    ];
  }
  if (api === 'silent') return [problem('API', 'it gives no answer.', `${command} logs api`)];
  return [
    ...(pipeline ? judgePipeline(pipeline, command) : []),
    ...judgeClocks(readings),
    ...judgeMemory(readings),
  ];
}

function judgePipeline(pipeline: Pipeline, command: string): Finding[] {
  const { dropped_events: dropped, dropped_requests: calls, dead_letters: letters } = pipeline;
  return [
    judgeBacklog(pipeline, command),
    pipeline.lost_events > 0
      ? warning(
          'Lost events',
          `${pipeline.lost_events} were dropped by NATS before a collector took them.`,
          `${command} pipeline  tells of which stream; more collectors, or fewer outages.`,
        )
      : ok('Lost events', 'none'),
    dropped > 0
      ? warning(
          'Clients',
          `they gave up ${dropped} events of ${calls} calls while NATS was away for long.`,
          'Those calls are missing; nothing else is.',
        )
      : ok('Clients', 'none gave up an event in the last 15 minutes'),
    letters && letters.count > 0
      ? warning(
          'Dead letters',
          `${letters.count} messages could not be used.`,
          `${command} dead-letters`,
        )
      : ok('Dead letters', 'none'),
  ];
}

function judgeBacklog({ status, detail, streams, collectors }: Pipeline, command: string): Finding {
  const waiting = (streams ?? []).reduce((sum, { pending }) => sum + pending, 0);
  const online = collectors.filter((one) => one.online).length;
  const more = detail ? ` ${detail}` : '';
  if (status === 'ok')
    return ok(
      'Collecting',
      `${online} of ${collectors.length} collectors work, ${waiting} events wait`,
    );
  if (status === 'behind') {
    return warning(
      'Collecting',
      `${waiting} events wait.${more}`,
      `${command} pipeline  shows whether they move.`,
    );
  }
  return problem(
    'Collecting',
    `${status}: ${waiting} events wait.${more}`,
    `${command} logs collector`,
  );
}

function judgeClocks({ hosts }: FlowReadings): Finding[] {
  const wrong = hosts.filter(
    ({ online, clock_skew: skew }) => online && Math.abs(skew) > MUCH_SKEW_SECONDS,
  );
  if (wrong.length === 0) return hosts.length > 0 ? [ok('Clocks', 'agree with that of NATS')] : [];
  return wrong.map(({ name, clock_skew: skew }) =>
    warning(
      'Clocks',
      `that of ${name} is ${Math.abs(skew).toFixed(1)} s ${skew > 0 ? 'ahead' : 'behind'}. Calls are placed by that of NATS all the same.`,
      'Let it be set by NTP:  timedatectl set-ntp true',
    ),
  );
}

function judgeMemory({ redis }: FlowReadings): Finding[] {
  if (!redis) return [];
  const { usedBytes, maxBytes } = redis;
  if (maxBytes === 0) {
    return [note('Redis memory', `${formatBytes(usedBytes)}, without a bound`)];
  }
  const detail = `${formatBytes(usedBytes)} of ${formatBytes(maxBytes)}`;
  if (usedBytes < NEARLY_FULL * maxBytes) return [ok('Redis memory', detail)];
  return [
    warning(
      'Redis memory',
      `${detail}: the oldest calls leave the history.`,
      'Give it more: REDIS_MAXMEMORY=2gb, and restart; or keep less: RETENTION_DAYS',
    ),
  ];
}
