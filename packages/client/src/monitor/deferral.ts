import { unref } from '../call/unref.ts';

/** Work that must not run on the path of a monitored call, in order of arrival. */
export interface Deferral {
  /** Runs `work` within about `delayMs`, off the caller's path. What it throws is swallowed: it must never reach the app. */
  defer(work: () => void): void;
  /** Runs everything that waits now. */
  runNow(): void;
}

/** Longer than this at a time the app is not held up, unless one piece of work takes longer. */
const SLICE_MS = 2;
/** The clock is read after so many pieces. */
const UNCLOCKED = 8;
/** More than this is not left for later: where the app makes work faster than parts of it are done, it would become ever more. */
const MOST_LEFT = 200;

/** `afterwards` runs once after each batch, or part of one. The timer does not keep the process alive. */
export function createDeferral(delayMs: number, afterwards: () => void): Deferral {
  let waiting: (() => void)[] = [];
  let done = 0;
  /** Of a test of the app's it may have no more than it must. */
  let timer: Partial<Pick<NodeJS.Timeout, 'refresh'>> | undefined;
  let madeBy: typeof setTimeout | undefined;
  let isArmed = false;
  /** Goes on with what a part has left: never more than one, or the parts would run in a row. */
  let nextPart: NodeJS.Timeout | undefined;
  let isRunning = false;
  const run = (untilMs: number) => {
    clearTimeout(nextPart);
    nextPart = undefined;
    isArmed = false;
    isRunning = true;
    while (done < waiting.length) {
      const work = waiting[done];
      done += 1;
      if (work) quietly(work);
      if (done % UNCLOCKED !== 0 || waiting.length - done > MOST_LEFT) continue;
      if (performance.now() >= untilMs) break;
    }
    // What is done must not stay in memory for as long as there is more.
    waiting = waiting.slice(done);
    done = 0;
    isRunning = false;
    if (waiting.length > 0) nextPart = unref(setTimeout(runPart, 0));
    quietly(afterwards);
  };
  const runPart = () => run(performance.now() + SLICE_MS);
  const ring = () => {
    isArmed = false;
    // All may have been done before its time.
    if (waiting.length > 0 && !nextPart) runPart();
  };
  const arm = () => {
    isArmed = true;
    // The same one again and again: a new one takes the first call after a rest, when nothing of it is in a cache, some µs longer. Unless
    // a test of the app's has put other timers in place meanwhile.
    if (timer?.refresh && madeBy === setTimeout) return void timer.refresh();
    madeBy = setTimeout;
    timer = unref(setTimeout(ring, delayMs));
  };
  return {
    runNow: () => run(Infinity),
    defer(work) {
      waiting.push(work);
      if (isRunning || nextPart || (isArmed && madeBy === setTimeout)) return;
      arm();
    },
  };
}

function quietly(work: () => void): void {
  try {
    work();
  } catch {
    // A fault of the monitor is never the app's.
  }
}
