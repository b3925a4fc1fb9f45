import type { ReadinessReport } from '../stack/readiness.ts';
import { note, ok, problem, warning, type Finding } from './finding.ts';

const MANY_RESTARTS = 3;

/** What runs of the stack of this data folder. */
export interface StackReadings {
  pid: { state: 'absent' | 'stale' | 'running'; pid?: number | undefined };
  webUrl: string | undefined;
  parts: readonly {
    name: string;
    isAlive: boolean;
    restarts: number;
    health: ReadinessReport;
  }[];
  /** Ports that a start would take. */
  ports: readonly {
    name: string;
    port: number;
    isFree: boolean;
    holder: string | undefined;
    setting: string;
  }[];
  command: string;
}

export function judgeStack(readings: StackReadings): Finding[] {
  const { pid } = readings;
  if (pid.state === 'running') return judgeRunning(readings);
  return [...judgeStopped(readings), ...judgePorts(readings)];
}

function judgeRunning({ pid, webUrl, parts, command }: StackReadings): Finding[] {
  if (webUrl === undefined) {
    return [
      warning(
        'LLM Monitor',
        `it starts, or cannot say what it runs (pid ${pid.pid}).`,
        `${command} logs llm-monitor`,
      ),
    ];
  }
  return [
    ok('LLM Monitor', `runs at ${webUrl} (pid ${pid.pid})`),
    ...parts.map(({ name, isAlive, restarts, health }) => {
      if (!isAlive) return problem(name, 'does not run at the moment.', `${command} logs ${name}`);
      if (!health.ready)
        return problem(name, `not ready: ${health.why}`, `${command} logs ${name}`);
      if (restarts < MANY_RESTARTS) return ok(name, 'ready');
      return warning(
        name,
        `ready, but it was started again ${restarts} times.`,
        `${command} logs ${name}`,
      );
    }),
    ...judgeClocks(parts),
  ];
}

/** The parts share a machine: one of them says it for all. */
function judgeClocks(parts: StackReadings['parts']): Finding[] {
  const said = parts.flatMap(({ health }) => (health.ready && health.clock ? [health.clock] : []));
  return said.slice(0, 1).map((detail) => {
    return warning('Clocks', `${detail}.`, 'Let it be set by NTP:  timedatectl set-ntp true');
  });
}

function judgeStopped({ pid, parts, command }: StackReadings): Finding[] {
  const left = parts.filter(({ isAlive }) => isAlive).map(({ name }) => name);
  return [
    pid.state === 'stale'
      ? warning(
          'LLM Monitor',
          'it did not end properly, and left a stale PID file.',
          `${command} start  puts it right.`,
        )
      : note('LLM Monitor', 'it does not run.', `${command} start`),
    ...(left.length > 0
      ? [warning('Left behind', `${left.join(', ')} still run.`, `${command} stop  ends them.`)]
      : []),
  ];
}

function judgePorts({ ports, command }: StackReadings): Finding[] {
  return ports.map(({ name, port, isFree, holder, setting }) => {
    if (isFree) return ok(`Port ${port}`, `free, for ${name}`);
    const detail = `where ${name} would listen, is taken${holder ? ` by ${holder}` : ''}.`;
    const other = setting.replace('%', String(port + 1));
    return problem(`Port ${port}`, detail, `End that program, or:  ${other} ${command} start`);
  });
}
