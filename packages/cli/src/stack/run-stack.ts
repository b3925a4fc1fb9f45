import { setTimeout as delay } from 'node:timers/promises';

import { CliError } from '../cli-error.ts';
import type { Home } from '../home/home.ts';
import { plainLog } from '../logs/plain-log.ts';
import { identifyProcess } from '../processes/process-identity.ts';
import { shownAddress } from '../proxy/ollama-address.ts';
import { reachedAt } from '../proxy/proxy-address.ts';
import type { ProxyRoute } from '../proxy/read-proxies.ts';
import { watchForeignServers, type ForeignWatch } from './foreign-servers.ts';
import { openPartLog } from './part-log.ts';
import type { StackPlan } from './plan-stack.ts';
import { askReadiness } from './readiness.ts';
import {
  writeStackState,
  type PartState,
  type ShownProxy,
  type StackState,
} from './stack-state.ts';
import { supervisePart, type Part, type PartEvents } from './supervise-part.ts';

const READY_TIMEOUT_MS = 60_000;
const POLL_MS = 50;
/** For a server of others it may take any time. */
const PATIENT_POLL_MS = 500;

/** All parts, running. */
export interface Stack {
  /**
   * Resolves when every service is ready. Waits for servers of others as long as it takes, and says so.
   * @throws {CliError} when one dies first, or takes too long
   */
  whenReady(stopped: AbortSignal): Promise<void>;
  /** Services first, then Redis, then NATS: each still has what it needs to end well. */
  stop(): Promise<void>;
  /** Ends all at once, without asking. */
  kill(): void;
}

/** Starts all parts at once: services wait for their servers by themselves. */
export function runStack(
  plan: StackPlan,
  options: { home: Home; command: string; say(text: string): void },
): Stack {
  const { home, command, say } = options;
  const startedAtMs = Date.now();
  let failed: CliError | undefined;
  let isStarting = true;
  let wasReady = false;
  let writing = Promise.resolve();

  const saveState = () => {
    writing = writing
      .then(async () => writeStackState(home.stateFile, await describe()))
      .catch((error: Error) => say(`stack.json cannot be written: ${error.message}`));
  };
  const events: PartEvents = {
    onStarted(part) {
      if (part.restarts() > 0) say(`${part.definition.name} was started again.`);
      saveState();
    },
    onDied(part, { how, delayMs }) {
      const { name } = part.definition;
      if (isStarting) failed ??= explainDeath({ name, how, tail: part.tail(), command });
      else say(`${name} ${how}; it is started again in ${delayMs / 1000} s.`);
      saveState();
    },
  };
  const supervise = (definition: StackPlan['services'][number]) =>
    supervisePart(definition, {
      log: openPartLog(home.logs, definition.name),
      events,
      nowMs: Date.now,
    });
  const servers = plan.servers.map(supervise);
  const services = plan.services.map(supervise);
  const parts = [...servers, ...services];
  const describe = async (): Promise<StackState> => ({
    webUrl: plan.webUrl,
    apiUrl: plan.apiUrl,
    natsUrl: plan.natsUrl,
    redis: plan.redisShown,
    proxy: plan.proxy.listen && shownProxy({ ...plan.proxy, listen: plan.proxy.listen }),
    proxies: plan.proxy.more.map(shownProxy),
    startedAtMs,
    settings: plan.settings,
    unkept: plan.unkept,
    isGuarded: plan.isGuarded,
    wasReady,
    parts: await Promise.all(parts.map(describePart)),
  });
  for (const part of parts) part.start();

  return {
    async whenReady(stopped) {
      const foreign = watchForeignServers(plan.foreign, { say, nowMs: Date.now });
      const waiting = { foreign, deadlineMs: Date.now() + READY_TIMEOUT_MS };
      await Promise.all(
        services.map((part) =>
          untilReady(part, { waiting, failure: () => failed, stopped, command }),
        ),
      );
      isStarting = false;
      wasReady = !stopped.aborted;
      saveState();
    },
    async stop() {
      isStarting = false;
      await Promise.all(services.map((part) => part.stop()));
      // NATS was planned first: the last to go.
      for (const server of servers.toReversed()) await server.stop();
      await writing;
    },
    kill() {
      for (const part of parts) part.kill();
    },
  };
}

function shownProxy({ listen, upstream }: ProxyRoute): ShownProxy {
  return { listen: reachedAt(listen), upstream: shownAddress(upstream) };
}

async function untilReady(
  part: Part,
  options: {
    /** Of all parts: time in which a server of others is not there does not count. */
    waiting: { foreign: ForeignWatch; deadlineMs: number };
    failure: () => CliError | undefined;
    stopped: AbortSignal;
    command: string;
  },
): Promise<void> {
  const { waiting, failure, stopped, command } = options;
  const { foreign } = waiting;
  const { name, readyUrl } = part.definition;
  if (!readyUrl) return;
  for (;;) {
    const failed = failure();
    if (failed) throw failed;
    if (stopped.aborted) return;
    const report = await askReadiness(readyUrl);
    // It needs them all, and answers before they are there.
    if (name === 'web') foreign.hear(report.checks);
    if (report.ready) return;
    const isWaiting = foreign.isWaiting();
    if (isWaiting) waiting.deadlineMs = Date.now() + READY_TIMEOUT_MS;
    else if (Date.now() > waiting.deadlineMs) {
      throw new CliError(`${name} was not ready in ${READY_TIMEOUT_MS / 1000} s: ${report.why}`, {
        hint: whatItSaid(part.tail(), name, command),
      });
    }
    await delay(isWaiting ? PATIENT_POLL_MS : POLL_MS);
  }
}

function explainDeath(death: {
  name: string;
  how: string;
  tail: string;
  command: string;
}): CliError {
  const { name, how, tail, command } = death;
  return new CliError(`${name} ${how} while it was starting.`, {
    hint: whatItSaid(tail, name, command),
  });
}

/** In plain words; the log has it all. */
function whatItSaid(tail: string, name: string, command: string): string {
  return [plainLog(tail), `All that it wrote:  ${command} logs ${name}`].filter(Boolean).join('\n');
}

async function describePart(part: Part): Promise<PartState> {
  const pid = part.pid();
  return {
    name: part.definition.name,
    phase: part.phase(),
    process: pid === undefined ? undefined : await identifyProcess(pid),
    startedAtMs: part.startedAtMs(),
    restarts: part.restarts(),
    readyUrl: part.definition.readyUrl,
  };
}
