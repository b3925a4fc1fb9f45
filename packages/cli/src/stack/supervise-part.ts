import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import type { Readable, Writable } from 'node:stream';

import { countFailures, restartDelayMs } from './back-off.ts';
import { createTail } from './tail.ts';

/** One program of the stack. */
export interface PartDefinition {
  name: string;
  command: string;
  args: readonly string[];
  env: Record<string, string | undefined>;
  /** How long it may take to end before it is made to. */
  stopGraceMs: number;
  /** Where it answers whether it is ready. */
  readyUrl?: string;
}

export type PartPhase = 'running' | 'restarting' | 'stopped';

/** What a supervisor tells about its part. */
export interface PartEvents {
  onStarted(part: Part): void;
  /** It ended though nobody asked it to; it is started again after `delayMs`. */
  onDied(part: Part, death: { how: string; delayMs: number }): void;
}

/** A program that is kept running. */
export interface Part {
  readonly definition: PartDefinition;
  phase(): PartPhase;
  pid(): number | undefined;
  restarts(): number;
  startedAtMs(): number;
  /** The end of its output. */
  tail(): string;
  start(): void;
  stop(): Promise<void>;
  /** Ends it at once. */
  kill(): void;
}

export function supervisePart(
  definition: PartDefinition,
  options: { log: Writable; events: PartEvents; nowMs: () => number },
): Part {
  const { log, events, nowMs } = options;
  const tail = createTail();
  let child: ChildProcess | undefined;
  let timer: NodeJS.Timeout | undefined;
  let phase: PartPhase = 'stopped';
  let startedAtMs = 0;
  let failures = 0;
  let restarts = 0;

  const died = (how: string) => {
    child = undefined;
    if (phase === 'stopped') return;
    failures = countFailures(failures, nowMs() - startedAtMs);
    phase = 'restarting';
    const delayMs = restartDelayMs(failures);
    timer = setTimeout(() => {
      restarts += 1;
      part.start();
    }, delayMs);
    events.onDied(part, { how, delayMs });
  };

  const part: Part = {
    definition,
    phase: () => phase,
    pid: () => child?.pid,
    restarts: () => restarts,
    startedAtMs: () => startedAtMs,
    tail: tail.text,
    start() {
      phase = 'running';
      startedAtMs = nowMs();
      const started = spawnPart(definition);
      child = started;
      for (const stream of [started.stdout, started.stderr]) follow(stream, log, tail.add);
      started.once('error', (error) => {
        tail.add(error.message);
        if (child === started) died(`could not be started: ${error.message}`);
      });
      started.once('exit', (code, signal) => {
        if (child === started) died(signal ? `was ended by ${signal}` : `ended with ${code}`);
      });
      events.onStarted(part);
    },
    async stop() {
      phase = 'stopped';
      clearTimeout(timer);
      if (child) await endChild(child, definition.stopGraceMs);
    },
    kill() {
      phase = 'stopped';
      clearTimeout(timer);
      child?.kill('SIGKILL');
    },
  };
  return part;
}

function spawnPart(definition: PartDefinition): ChildProcess {
  return spawn(definition.command, definition.args, {
    env: definition.env,
    stdio: ['ignore', 'pipe', 'pipe'],
    // A group of its own: Ctrl+C must reach the supervisor alone, which ends the parts in their order.
    detached: true,
  });
}

function follow(stream: Readable | null, log: Writable, add: (text: string) => void): void {
  stream?.on('data', (chunk: Buffer) => {
    log.write(chunk);
    add(chunk.toString('utf8'));
  });
}

async function endChild(child: ChildProcess, graceMs: number): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
  const exited = once(child, 'exit');
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), graceMs);
  await exited;
  clearTimeout(timer);
}
