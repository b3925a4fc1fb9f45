import type { LoadedModel } from '@llm-monitor/contracts/events';
import { describe, expect, test } from 'vitest';

import { createActivityWatch, type ActivityChange, type Look } from './unseen-activity.ts';

const T = 1_778_000_000_000;
const SECOND = 1000;
const aModel = (expiresMs: number, name = 'llama3.2:3b'): LoadedModel => ({
  name,
  sizeBytes: 1,
  vramBytes: 1,
  expiresAt: new Date(T + expiresMs).toISOString(),
  contextLength: null,
});
const KEPT = aModel(300 * SECOND);
const untracked: Look['tracked'] = { running: 0, endedAtMs: undefined, endedEarly: false };

/** A server that was looked at every two seconds for a while and did nothing. */
function aQuietServer(loaded: readonly LoadedModel[] | undefined = [KEPT]) {
  const watch = createActivityWatch();
  let nowMs = T;
  const look = (seen: Partial<Look> = {}, stepMs = 2 * SECOND): ActivityChange | undefined => {
    nowMs += stepMs;
    return watch.look({
      ...{ nowMs, cpuPercent: 0.4, gpuPercent: 0, loaded, tracked: untracked },
      ...seen,
    });
  };
  for (let i = 0; i < 5; i++) look();
  return {
    watch,
    now: () => nowMs,
    look,
    /** So many equal looks; the changes that they brought. */
    looks: (count: number, seen: Partial<Look> = {}) =>
      Array.from({ length: count }, () => look(seen)).filter((change) => change !== undefined),
  };
}

describe('a server that is busy while no tracked call runs', () => {
  test('is called past the monitor: told once at the beginning and once at the end', () => {
    const server = aQuietServer();
    const busyFromMs = server.now();
    const changes = server.looks(10, { cpuPercent: 180 });
    expect(changes).toEqual([
      {
        kind: 'began',
        activity: {
          since: new Date(busyFromMs).toISOString(),
          model: 'llama3.2:3b',
          evidence: 'cpu',
        },
      },
    ]);
    expect(server.watch.current()).toMatchObject({ evidence: 'cpu' });
    const untilMs = server.now();
    expect(server.looks(10)).toMatchObject([
      { kind: 'ended', until: new Date(untilMs).toISOString() },
    ]);
    expect(server.watch.current()).toBeUndefined();
  });

  test('shows it by its GPU where its processes hardly use the CPU or cannot be seen', () => {
    const busy = { gpuPercent: 90, cpuPercent: 8 };
    expect(aQuietServer().looks(4, busy)).toMatchObject([{ activity: { evidence: 'gpu' } }]);
    const unknown = { gpuPercent: 90, cpuPercent: null };
    expect(aQuietServer().looks(4, unknown)).toMatchObject([{ activity: { evidence: 'gpu' } }]);
  });

  test('shows it by the expiry of a model that moved, though the call was over between two looks', () => {
    const server = aQuietServer();
    const loaded = [aModel(360 * SECOND), aModel(100, 'other')];
    expect(server.look({ loaded: [KEPT, aModel(100, 'other')] })).toBeUndefined();
    server.looks(10, { loaded: [KEPT, aModel(100, 'other')] });
    const [began, ended] = server.looks(10, { loaded });
    expect(began).toMatchObject({ activity: { evidence: 'expiry', model: 'llama3.2:3b' } });
    expect(ended?.kind).toBe('ended');
  });

  test('is not judged by one moment of work, nor by a GPU that others use', () => {
    const server = aQuietServer();
    expect(server.look({ cpuPercent: 300 })).toBeUndefined();
    expect(server.watch.isSuspicious()).toBe(true);
    expect(server.looks(3)).toEqual([]);
    expect(server.watch.isSuspicious()).toBe(false);
    expect(server.looks(10, { gpuPercent: 95 })).toEqual([]);
    const nothingLoaded = aQuietServer([]);
    expect(nothingLoaded.looks(10, { gpuPercent: 95, cpuPercent: 10 })).toEqual([]);
  });

  test('is not judged by what it takes when it waits, or has just started', () => {
    const spinning = createActivityWatch();
    const look = (nowMs: number, cpuPercent: number) =>
      spinning.look({
        ...{ nowMs, cpuPercent, gpuPercent: null, loaded: [], tracked: untracked },
      });
    for (let i = 0; i < 20; i++) expect(look(T + i * 2000, 100)).toBeUndefined();
    const server = aQuietServer();
    server.look({ loaded: undefined, cpuPercent: null });
    expect(server.looks(3, { cpuPercent: 150 })).toEqual([]);
  });
});

describe('tracked calls explain what a server does', () => {
  const running = { running: 1, endedAtMs: undefined, endedEarly: false };

  test('while they run, also while their model is loaded', () => {
    const server = aQuietServer([]);
    expect(server.looks(20, { cpuPercent: 200, gpuPercent: 99, tracked: running })).toEqual([]);
    expect(server.looks(5, { loaded: [KEPT], cpuPercent: 200, tracked: running })).toEqual([]);
  });

  test('and right after their end, when the expiry is set', () => {
    const server = aQuietServer();
    server.look({ cpuPercent: 200, tracked: running });
    const tracked = { running: 0, endedAtMs: server.now() + SECOND, endedEarly: false };
    const loaded = [aModel(400 * SECOND)];
    expect(server.look({ cpuPercent: 90, loaded, tracked })).toBeUndefined();
    expect(server.looks(20, { loaded, tracked })).toEqual([]);
  });

  test('though their events come late', () => {
    const server = aQuietServer();
    const loaded = [aModel(400 * SECOND)];
    expect(server.look({ cpuPercent: 90, loaded })).toBeUndefined();
    expect(server.look({ loaded, tracked: running })).toBeUndefined();
    const tracked = { running: 0, endedAtMs: server.now(), endedEarly: false };
    expect(server.looks(20, { loaded, tracked })).toEqual([]);
  });

  test('and as long as the server works on after they were left early, but no longer', () => {
    const server = aQuietServer();
    server.look({ cpuPercent: 200, tracked: running });
    const tracked = { running: 0, endedAtMs: server.now(), endedEarly: true };
    expect(server.looks(40, { cpuPercent: 200, tracked })).toEqual([]);
    expect(server.looks(5, { tracked, loaded: [aModel(400 * SECOND)] })).toEqual([]);
    const busy = { cpuPercent: 200, tracked, loaded: [aModel(400 * SECOND)] };
    expect(server.looks(5, busy)).toMatchObject([{ kind: 'began' }]);
  });

  test('but not what begins long after them', () => {
    const server = aQuietServer();
    server.look({ cpuPercent: 200, tracked: running });
    const tracked = { running: 0, endedAtMs: server.now(), endedEarly: false };
    expect(server.looks(10, { tracked })).toEqual([]);
    expect(server.looks(5, { cpuPercent: 200, tracked })).toMatchObject([{ kind: 'began' }]);
  });
});
