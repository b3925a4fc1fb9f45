import { KEEP_ALIVE_MS } from '@llm-monitor/contracts/live';
import type { CallKey, FeedPosition, Frame, LiveOp } from '@llm-monitor/contracts/live';

import { addOp, coalesceOps, keyOfOp, type PendingOps } from './coalesce-ops.ts';
import type { DemoCalls } from './demo-calls.ts';
import { createPacer, type Pacer, type StartTimer } from './pacer.ts';
import type { CallProgress } from './progress-ops.ts';
import { createRecentEntries, type FeedEntry } from './recent-entries.ts';

export const FRAME_INTERVAL_MS = 50;
export const PROGRESS_INTERVAL_MS = 250;
const MAX_RECENT_OPS = 5000;
const MAX_PENDING_PROGRESS = 10_000;

interface View {
  demo: boolean;
  sent: FeedPosition;
  sentAtMs: number;
}

interface LiveFeedOptions {
  demoCalls: DemoCalls;
  startTimer: StartTimer;
  /** ms since 1970, for browsers */
  now(): number;
  /** Never jumps, as that of the day does where it is set. */
  monotonicMs(): number;
  /** A lossy frame may be dropped where it would have to wait; all others must arrive in order. */
  send(demo: boolean, frame: Frame, delivery: 'certain' | 'lossy'): void;
}

/** Turns the change feed and progress into frames for the two views: real calls, and demo calls. */
export class LiveFeed {
  readonly #options: LiveFeedOptions;
  readonly #recent = createRecentEntries({ maxOps: MAX_RECENT_OPS });
  readonly #pending: PendingOps = new Map();
  readonly #progress = new Map<CallKey, CallProgress>();
  readonly #real: View = { demo: false, sent: [], sentAtMs: 0 };
  readonly #demo: View = { demo: true, sent: [], sentAtMs: 0 };
  readonly #changes: Pacer;
  readonly #lossy: Pacer;
  #epoch = '';

  constructor(options: LiveFeedOptions) {
    const { startTimer } = options;
    this.#options = options;
    this.#changes = createPacer({
      intervalMs: FRAME_INTERVAL_MS,
      flush: () => this.#flushChanges(),
      startTimer,
    });
    this.#lossy = createPacer({
      intervalMs: PROGRESS_INTERVAL_MS,
      flush: () => this.#flushProgress(),
      startTimer,
    });
  }

  /** Which life of the store is shown; empty before it is known. */
  epoch(): string {
    return this.#epoch;
  }

  /** Up to where the feed was read. */
  position(): FeedPosition {
    return this.#recent.position();
  }

  /** Up to where a view was sent frames. */
  sent(demo: boolean): FeedPosition {
    return this.#view(demo).sent;
  }

  /** Goes on from there, and forgets what was before. */
  restart(place: { epoch: string; pos: FeedPosition }): void {
    this.#epoch = place.epoch;
    this.#recent.reset(place.pos);
    this.#pending.clear();
    this.#progress.clear();
    for (const view of this.#views()) view.sent = place.pos;
  }

  addEntries(entries: readonly FeedEntry[]): void {
    const { demoCalls } = this.#options;
    for (const entry of entries) {
      this.#recent.add(entry);
      for (const op of entry.ops) {
        demoCalls.note(op);
        addOp(this.#pending, op);
        if (op[0] === 'end') this.#progress.delete(keyOfOp(op));
      }
    }
    if (this.#pending.size > 0) this.#changes.wish();
  }

  addProgress(progress: CallProgress): void {
    if (progress.demo) this.#options.demoCalls.add(progress.key);
    if (this.#progress.size >= MAX_PENDING_PROGRESS) return;
    this.#progress.set(progress.key, progress);
    this.#lossy.wish();
  }

  /** Sends figures: they have no place in the sequence. */
  sendFigures(demo: boolean, ops: readonly LiveOp[]): void {
    this.#options.send(demo, this.figuresFrame(demo, ops), 'certain');
  }

  figuresFrame(demo: boolean, ops: readonly LiveOp[]): Frame {
    const { sent } = this.#view(demo);
    return this.#frame(sent, sent, ops);
  }

  /** Sends a sign of life where nothing was sent for a while. */
  keepAlive(): void {
    this.#flushChanges();
    const nowMs = this.#options.monotonicMs();
    for (const view of this.#views()) {
      if (nowMs - view.sentAtMs >= KEEP_ALIVE_MS / 2) this.#advance(view, []);
    }
  }

  /** One frame from `from` to now; undefined when that is too long ago to be remembered here, or not reached yet. */
  catchUp(demo: boolean, from: FeedPosition): Frame | undefined {
    const entries = this.#recent.since(from);
    if (!entries) return undefined;
    return { ...this.frameOf(demo, from, entries), pos: this.#recent.position() };
  }

  /** One frame of entries that follow `from`. */
  frameOf(demo: boolean, from: FeedPosition, entries: readonly FeedEntry[]): Frame {
    const { demoCalls } = this.#options;
    const ops = coalesceOps(entries.flatMap((entry) => entry.ops));
    const shown = ops.filter((op) => demoCalls.isDemo(op) === demo);
    return this.#frame(from, entries.reduce(withEntry, from), shown);
  }

  stop(): void {
    this.#changes.stop();
    this.#lossy.stop();
  }

  #flushChanges(): void {
    const ops = [...this.#pending.values()];
    this.#pending.clear();
    for (const view of this.#views()) {
      const shown = ops.filter((op) => this.#options.demoCalls.isDemo(op) === view.demo);
      if (shown.length > 0) this.#advance(view, shown);
    }
  }

  #flushProgress(): void {
    const all = [...this.#progress.values()];
    this.#progress.clear();
    for (const { demo, sent } of this.#views()) {
      const ops = all.filter((one) => one.demo === demo).map(({ op }) => op);
      if (ops.length > 0) this.#options.send(demo, this.#frame(sent, sent, ops), 'lossy');
    }
  }

  #advance(view: View, ops: readonly LiveOp[]): void {
    const pos = this.#recent.position();
    this.#options.send(view.demo, this.#frame(view.sent, pos, ops), 'certain');
    view.sent = pos;
    view.sentAtMs = this.#options.monotonicMs();
  }

  #frame(prev: FeedPosition, pos: FeedPosition, ops: readonly LiveOp[]): Frame {
    return { epoch: this.#epoch, pos, prev, serverTime: this.#options.now(), ops };
  }

  #view(demo: boolean): View {
    return demo ? this.#demo : this.#real;
  }

  #views(): View[] {
    return [this.#real, this.#demo];
  }
}

function withEntry(position: FeedPosition, { shard, id }: FeedEntry): FeedPosition {
  return position.map((at, i) => (i === shard ? id : at));
}
