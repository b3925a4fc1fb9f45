import type { FeedPosition, Frame, Hello, Resume, Watch } from '@llm-monitor/contracts/live';

import { isStalled } from '../core/judge-outbound.ts';
import type { LiveFeed } from '../core/live-feed.ts';
import type { Receiver, Snapshots } from './snapshots.ts';

/** With more than this on its way, a browser gets no frames until it has taken what was sent. */
const SETTLED_BYTES = 64 * 1024;
/** A browser that asks more often waits. */
const MIN_SERVE_INTERVAL_MS = 200;

/** What a session needs of its socket. */
export interface Line {
  id: string;
  isOpen(): boolean;
  sendFrame(frame: Frame): void;
  /** Begins or ends to take part in the frames of a view. */
  join(demo: boolean): void;
  leave(): void;
  bufferedBytes(): number;
  dropQueue(): void;
}

/** What sessions share. */
export interface SessionContext {
  feed: LiveFeed;
  snapshots(demo: boolean): Snapshots;
  /** One frame from there to now, out of Redis; undefined when only a snapshot helps. */
  readFrame(demo: boolean, from: FeedPosition): Promise<Frame | undefined>;
  /** Does the change feed flow? While it does not, browsers keep what they have and see its age. */
  isFed(): boolean;
  now(): number;
}

/**
 * Where a browser is. `from` is what it has; without it, it needs a snapshot.
 * waiting: to be served at the next tick · serving: an answer is being made · draining: it has not yet taken what was sent ·
 * live: it gets the frames of its view · paused: it wants nothing
 */
type Standing =
  | { name: 'waiting' | 'serving' | 'draining' | 'paused'; from: Resume | undefined }
  | { name: 'live' };

/** One browser: what it wants to see, what it has, and how it gets from there to now. */
export class Session {
  readonly #line: Line;
  readonly #context: SessionContext;
  readonly #receiver: Receiver;
  #demo: boolean;
  #standing: Standing;
  #turn = 0;
  #servedAtMs = -Infinity;
  #drainedAtMs: number;

  constructor(line: Line, context: SessionContext, hello: Hello) {
    this.#line = line;
    this.#context = context;
    this.#demo = hello.demo ?? false;
    this.#drainedAtMs = context.now();
    this.#standing = { name: hello.paused === true ? 'paused' : 'waiting', from: hello.resume };
    this.#receiver = {
      socketId: line.id,
      onSent: (have) => this.#settle(have),
      onFailed: () => this.#stand({ name: 'waiting', from: undefined }),
    };
    if (this.#standing.name === 'waiting') this.#serve(hello.resume);
  }

  resume(from: Resume): void {
    if (this.#standing.name === 'paused') this.#standing.from = from;
    else if (this.#standing.name === 'live') this.#serve(from);
    // Otherwise an answer is on its way already.
  }

  watch(wish: Watch): void {
    const changesView = wish.demo !== undefined && wish.demo !== this.#demo;
    const isPaused = wish.paused ?? this.#standing.name === 'paused';
    const from = changesView ? undefined : this.#have();
    const wasPaused = this.#standing.name === 'paused';
    if (!changesView && isPaused === wasPaused) return;
    this.#stand({ name: isPaused ? 'paused' : 'waiting', from });
    if (changesView) this.#demo = !this.#demo;
    if (!isPaused) this.#serve(from);
  }

  /** The feed began afresh: what the browser has is of no use. */
  restart(): void {
    // A browser that came before the feed was first read may have what is still good.
    const from = this.#standing.name === 'live' ? undefined : this.#standing.from;
    const good = from?.epoch === this.#context.feed.epoch() ? from : undefined;
    if (this.#standing.name === 'paused') this.#standing.from = good;
    else this.#serve(good);
  }

  /** A few times a second. */
  tick(): void {
    if (this.#standing.name === 'waiting') this.#serve(this.#standing.from);
    else if (this.#standing.name === 'live') this.#checkOutbound();
    else if (this.#standing.name === 'draining' && this.#line.bufferedBytes() === 0) {
      this.#drainedAtMs = this.#context.now();
      if (this.#standing.from) this.#goLive(this.#standing.from);
      else this.#serve(undefined);
    }
  }

  /** The operating system has taken all that had been written. */
  drained(): void {
    this.#drainedAtMs = this.#context.now();
  }

  close(): void {
    this.#stand({ name: 'paused', from: undefined });
  }

  #have(): Resume | undefined {
    if (this.#standing.name !== 'live') return this.#standing.from;
    const { feed } = this.#context;
    return { epoch: feed.epoch(), pos: feed.sent(this.#demo) };
  }

  /** Every change of standing ends what was being done for the one before. */
  #stand(next: Standing): void {
    this.#turn++;
    this.#context.snapshots(this.#demo).forget(this.#receiver);
    if (this.#standing.name === 'live' && next.name !== 'live') this.#line.leave();
    this.#standing = next;
  }

  #serve(from: Resume | undefined): void {
    const { feed, now, isFed } = this.#context;
    if (now() - this.#servedAtMs < MIN_SERVE_INTERVAL_MS || !isFed()) {
      this.#stand({ name: 'waiting', from });
      return;
    }
    this.#servedAtMs = now();
    this.#stand({ name: 'serving', from });
    if (from?.epoch === feed.epoch()) void this.#answer(from, this.#turn);
    else this.#wantSnapshot();
  }

  async #answer(from: Resume, asked: number): Promise<void> {
    const { feed, readFrame } = this.#context;
    const frame =
      feed.catchUp(this.#demo, from.pos) ??
      (await readFrame(this.#demo, from.pos).catch(() => undefined));
    if (this.#turn !== asked || !this.#line.isOpen()) return;
    if (!frame) {
      this.#wantSnapshot();
      return;
    }
    this.#line.sendFrame(frame);
    this.#settle({ epoch: frame.epoch, pos: frame.pos });
  }

  #wantSnapshot(): void {
    this.#context.snapshots(this.#demo).want(this.#receiver);
  }

  #settle(have: Resume): void {
    if (this.#line.bufferedBytes() > SETTLED_BYTES) this.#stand({ name: 'draining', from: have });
    else this.#goLive(have);
  }

  /** Nothing is missed in between: what came after `have` is sent in the same breath as the line joins. */
  #goLive(have: Resume): void {
    const { feed } = this.#context;
    const frame = have.epoch === feed.epoch() ? feed.catchUp(this.#demo, have.pos) : undefined;
    if (!frame) {
      this.#stand({ name: 'waiting', from: have });
      return;
    }
    if (frame.ops.length > 0) this.#line.sendFrame(frame);
    this.#stand({ name: 'live' });
    this.#line.join(this.#demo);
  }

  #checkOutbound(): void {
    const { now } = this.#context;
    const bufferedBytes = this.#line.bufferedBytes();
    if (bufferedBytes === 0) this.#drainedAtMs = now();
    if (!isStalled({ bufferedBytes, drainedAtMs: this.#drainedAtMs, nowMs: now() })) return;
    this.#stand({ name: 'draining', from: undefined });
    this.#line.dropQueue();
  }
}
