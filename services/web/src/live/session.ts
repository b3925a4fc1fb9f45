import {
  isAtOrBefore,
  type Frame,
  type Hello,
  type Resume,
  type Snapshot,
  type Watch,
} from '@llm-monitor/contracts/live';

import { isStalled } from '../core/judge-outbound.ts';
import type { Line, SessionContext } from './session-context.ts';
import type { Receiver } from './shared-reads.ts';

/** With more than this on its way, a browser gets nothing more until it has taken what was sent. */
const SETTLED_BYTES = 64 * 1024;
/** A browser that asks more often waits. */
const MIN_SERVE_INTERVAL_MS = 200;

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
  readonly #ofSnapshot: Receiver<Snapshot>;
  readonly #ofFigures: Receiver<Frame>;
  #demo: boolean;
  #standing: Standing;
  #turn = 0;
  #servedAtMs = -Infinity;
  #drainedAtMs: number;
  /** It may have missed what has no place in the feed. */
  #lacksFigures = false;

  constructor(line: Line, context: SessionContext, hello: Hello) {
    this.#line = line;
    this.#context = context;
    this.#demo = hello.demo ?? false;
    this.#drainedAtMs = context.monotonicMs();
    this.#standing = { name: hello.paused === true ? 'paused' : 'waiting', from: hello.resume };
    this.#ofSnapshot = {
      socketId: line.id,
      onSent: ({ epoch, pos }) => {
        this.#lacksFigures = false;
        this.#settle({ epoch, pos });
      },
      onFailed: () => this.#stand({ name: 'waiting', from: undefined }),
    };
    this.#ofFigures = {
      socketId: line.id,
      onSent: () => {
        this.#lacksFigures = false;
      },
      // All but the tokens of a call that stands still is said again within seconds.
      onFailed: () => undefined,
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
      this.#lacksFigures = true;
      if (this.#standing.from) this.#goLive(this.#standing.from);
      else this.#serve(undefined);
    }
  }

  /** The operating system has taken all that had been written. */
  drained(): void {
    this.#drainedAtMs = this.#context.monotonicMs();
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
    this.#context.snapshots(this.#demo).forget(this.#ofSnapshot);
    this.#context.figures(this.#demo).forget(this.#ofFigures);
    if (this.#standing.name === 'live' && next.name !== 'live') this.#line.leave();
    this.#standing = next;
  }

  #serve(from: Resume | undefined): void {
    const { feed, monotonicMs, isFed } = this.#context;
    const isTooSoon = monotonicMs() - this.#servedAtMs < MIN_SERVE_INTERVAL_MS;
    // Whoever asks again and again and never reads would have all the answers pile up here.
    if (isTooSoon || !isFed() || this.#line.bufferedBytes() > SETTLED_BYTES) {
      this.#stand({ name: 'waiting', from });
      return;
    }
    this.#servedAtMs = monotonicMs();
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
    this.#lacksFigures = true;
    this.#settle({ epoch: frame.epoch, pos: frame.pos });
  }

  #wantSnapshot(): void {
    this.#context.snapshots(this.#demo).want(this.#ofSnapshot);
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
    // Without changes, too: those of the other view have moved the place from where the next frame begins.
    if (!isAtOrBefore(frame.pos, have.pos)) this.#line.sendFrame(frame);
    this.#stand({ name: 'live' });
    this.#drainedAtMs = this.#context.monotonicMs();
    this.#line.join(this.#demo);
    if (this.#lacksFigures) this.#context.figures(this.#demo).want(this.#ofFigures);
  }

  #checkOutbound(): void {
    const nowMs = this.#context.monotonicMs();
    const bufferedBytes = this.#line.bufferedBytes();
    if (bufferedBytes === 0) this.#drainedAtMs = nowMs;
    if (!isStalled({ bufferedBytes, drainedAtMs: this.#drainedAtMs, nowMs })) return;
    this.#stand({ name: 'draining', from: undefined });
    this.#line.dropQueue();
  }
}
