import type { RequestResources } from '@llm-monitor/contracts/events';

import { createCallEnergy } from '../core/call-energy.ts';
import { createCallResources } from '../core/call-resources.ts';
import type { BegunCall } from '../core/parse-call-event.ts';
import type { Usage } from '../core/process-usage.ts';
import { createRunningCalls, type RunningCall } from '../core/running-calls.ts';
import { placeOfCall, type ServerPlace, type ThisMachine } from '../core/server-place.ts';
import type { TrackedWork } from '../core/unseen-activity.ts';
import type { UsageReader } from './usage-reader.ts';

/** Calls that pass through a proxy of this agent, whether or not their events come by. */
export interface CarriedCalls {
  list(): readonly { upstream: string }[];
}

/** Which calls run on this agent's servers, and what the servers take meanwhile. */
export interface CallFollower {
  begun(call: BegunCall): void;
  generating(call: { app: string; requestId: string }): void;
  ended(call: { app: string; requestId: string; early: boolean }): void;
  beat(beat: { app: string; instance: string; ids: string[]; all: boolean }): void;
  /** A look at what a server takes. */
  noteUsage(server: number, usage: Usage): void;
  /** What the machine draws from now on, watts; null: it cannot be told. */
  notePower(watts: number | null): void;
  trackedOn(server: number): TrackedWork;
  /** Those that run on a server for certain, in the order of their starts. */
  runningOn(server: number): RunningCall[];
  /** How many run here for certain. */
  running(): number;
  /** Figures of calls that are new since the last time. */
  takeResources(): RequestResources[];
}

export function followCalls(options: {
  servers: readonly (ServerPlace & { address: string })[];
  machine: ThisMachine;
  carried: CarriedCalls;
  /** Of a server; undefined where its processes cannot be seen. */
  usageOf(server: number): UsageReader | undefined;
  /** The first call runs, or the last word on one is ready to be told. */
  onBegun(): void;
  onEnded(): void;
}): CallFollower {
  const { servers, machine, carried } = options;
  const calls = createRunningCalls();
  const energy = createCallEnergy();
  const keyOf = (app: string, requestId: string) => `${app}:${requestId}`;
  const resources = createCallResources((app, requestId) => energy.of(keyOf(app, requestId)));
  const ends = servers.map((): Omit<TrackedWork, 'running'> => ({
    endedAtMs: undefined,
    endedEarly: false,
  }));

  const finish = async (call: RunningCall, early: boolean) => {
    const key = keyOf(call.app, call.requestId);
    ends[call.server] = { endedAtMs: Date.now(), endedEarly: early };
    energy.stop(key, Date.now());
    if (call.place === 'here') await options.usageOf(call.server)?.readSoon();
    resources.end(call.app, call.requestId);
    energy.forget(key);
    options.onEnded();
  };
  const carriedOn = (server: number) =>
    carried.list().filter(({ upstream }) => upstream === servers[server]?.address).length;

  return {
    begun(begun) {
      const found = findServer(begun, servers, machine);
      if (!found) return;
      const { app, requestId, instance, model, isInference } = begun;
      const call = { app, requestId, instance, model, isInference, hasOutput: false, ...found };
      if (!calls.start(call, Date.now())) return;
      if (found.place === 'here') {
        const usage = options.usageOf(found.server);
        resources.begin({ app, requestId, server: found.server });
        if (isInference) energy.begin(keyOf(app, requestId), Date.now());
        const recent = usage?.recent();
        if (recent) resources.note(found.server, recent);
        else void usage?.read();
      }
      options.onBegun();
    },
    generating: ({ app, requestId }) => calls.generating(app, requestId),
    ended({ app, requestId, early }) {
      const call = calls.end(app, requestId);
      if (call) void finish(call, early);
    },
    beat(beat) {
      for (const call of calls.beat(beat, Date.now())) void finish(call, true);
    },
    noteUsage: (server, usage) => resources.note(server, usage),
    notePower: (watts) => energy.power(watts, Date.now()),
    trackedOn(server) {
      for (const call of calls.expire(Date.now())) void finish(call, true);
      const own = calls.list().filter((call) => call.server === server).length;
      const passing = carriedOn(server);
      if (passing > own) ends[server] = { endedAtMs: Date.now(), endedEarly: false };
      const { endedAtMs, endedEarly } = ends[server] ?? { endedAtMs: undefined, endedEarly: false };
      return { running: Math.max(own, passing), endedAtMs, endedEarly };
    },
    runningOn: (server) =>
      calls.list().filter((call) => call.server === server && call.place === 'here'),
    running: () => calls.list().filter(({ place }) => place === 'here').length,
    takeResources: () => resources.take(),
  };
}

/** The server that a call runs on; one that may be it when none is it for certain. */
function findServer(
  call: BegunCall,
  servers: readonly ServerPlace[],
  machine: ThisMachine,
): { server: number; place: 'here' | 'maybe' } | undefined {
  const places = servers.map((server) => placeOfCall(call, server, machine));
  for (const place of ['here', 'maybe'] as const) {
    const server = places.indexOf(place);
    if (server >= 0) return { server, place };
  }
  return undefined;
}
