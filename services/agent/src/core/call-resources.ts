import type { RequestResources } from '@llm-monitor/contracts/events';

import { cpuPercentBetween, type Usage } from './process-usage.ts';

/** As many as an event may carry; what is left goes with the next. */
const MAX_REPORTED = 256;
/** A final figure is said so often: a sample may be lost, or come before its call is known to the collectors. */
const FINAL_REPEATS = 2;
/** More than can be told in some seconds would be told ever later, and fill the memory: of very many short calls some go untold. */
const MAX_FINALS = 8 * MAX_REPORTED;

/** What the server's processes took while each call ran. */
export interface CallResources {
  begin(call: { app: string; requestId: string; server: number }): void;
  /** What `server` takes at the moment: a look for each of its running calls. */
  note(server: number, usage: Usage): void;
  end(app: string, requestId: string): void;
  /** Figures that are new since they were last taken, ended calls first. */
  take(): RequestResources[];
}

interface Kept {
  app: string;
  requestId: string;
  server: number;
  first: Usage | undefined;
  last: Usage | undefined;
  memoryBytes: number;
  samples: number;
  isNew: boolean;
}

/** @param energyOf joules of a call so far; undefined where they are not known */
export function createCallResources(
  energyOf: (app: string, requestId: string) => number | undefined = () => undefined,
): CallResources {
  const running = new Map<string, Kept>();
  let finals: { figures: RequestResources; left: number }[] = [];
  const keyOf = (app: string, requestId: string) => `${app}:${requestId}`;

  const takeFinals = (): RequestResources[] => {
    const said = finals.slice(0, MAX_REPORTED);
    const again = said.filter((final) => final.left > 1);
    for (const final of again) final.left -= 1;
    // What was never told comes before what is told again.
    const left = finals.slice(MAX_REPORTED);
    finals = [...left, ...again.slice(0, Math.max(0, MAX_REPORTED - left.length))];
    return said.map(({ figures }) => figures);
  };
  const takeRunning = (most: number): RequestResources[] => {
    const taken: RequestResources[] = [];
    const said: [string, Kept][] = [];
    for (const [key, call] of running) {
      if (taken.length >= most) break;
      const figures = call.isNew ? figuresOf(call, energyOf) : undefined;
      if (!figures) continue;
      taken.push(figures);
      call.isNew = false;
      said.push([key, call]);
    }
    // To the end of the line, so that each has its turn.
    for (const [key, call] of said) {
      running.delete(key);
      running.set(key, call);
    }
    return taken;
  };

  return {
    begin({ app, requestId, server }) {
      const nothing = { first: undefined, last: undefined, memoryBytes: 0, samples: 0 };
      running.set(keyOf(app, requestId), { app, requestId, server, ...nothing, isNew: false });
    },
    note(server, usage) {
      for (const call of running.values()) {
        if (call.server !== server || usage.atMs <= (call.last?.atMs ?? -Infinity)) continue;
        call.first ??= usage;
        call.last = usage;
        call.memoryBytes = Math.max(call.memoryBytes, usage.memoryBytes);
        call.samples += 1;
        call.isNew = true;
      }
    },
    end(app, requestId) {
      const key = keyOf(app, requestId);
      const call = running.get(key);
      running.delete(key);
      const figures = call && figuresOf(call, energyOf);
      if (figures) finals.push({ figures, left: FINAL_REPEATS });
      if (finals.length > MAX_FINALS) finals.shift();
    },
    take() {
      const ended = takeFinals();
      return [...ended, ...takeRunning(MAX_REPORTED - ended.length)];
    },
  };
}

function figuresOf(
  call: Kept,
  energyOf: (app: string, requestId: string) => number | undefined,
): RequestResources | undefined {
  const { app, requestId, first, last, memoryBytes, samples } = call;
  const energyJoules = energyOf(app, requestId);
  const energy = energyJoules === undefined ? {} : { energyJoules };
  if (last) {
    const cpuPercent = cpuPercentBetween(first, last);
    return { app, requestId, cpuPercent, memoryBytes, samples, ...energy };
  }
  // Of a server whose processes cannot be seen.
  const unseen = { cpuPercent: null, memoryBytes: null, samples: 1 };
  return energyJoules === undefined ? undefined : { app, requestId, ...unseen, ...energy };
}
