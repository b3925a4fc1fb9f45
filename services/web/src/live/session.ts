import type { FeedPosition, Frame, Resume, Watch } from '@llm-monitor/contracts/live';

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

/** One browser. */
export interface Session {
  resume(from: Resume): void;
  watch(wish: Watch): void;
  /** The feed began afresh: what the browser has is of no use. */
  restart(): void;
  /** A few times a second. */
  tick(): void;
  drained(): void;
  close(): void;
}

export function createSession(
  line: Line,
  context: SessionContext,
  hello: Watch & { resume?: Resume | undefined },
): Session {
  const { feed, now } = context;
  let demo = hello.demo ?? false;
  let standing: Standing = {
    name: hello.paused === true ? 'paused' : 'waiting',
    from: hello.resume,
  };
  let turn = 0;
  let servedAtMs = -Infinity;
  let drainedAtMs = now();

  const receiver: Receiver = {
    socketId: line.id,
    onSent: (have) => settle(have),
    onFailed: () => stand({ name: 'waiting', from: undefined }),
  };
  /** Every change of standing ends what was being done for the one before. */
  const stand = (next: Standing) => {
    turn++;
    context.snapshots(demo).forget(receiver);
    if (standing.name === 'live' && next.name !== 'live') line.leave();
    standing = next;
  };
  const serve = (from: Resume | undefined) => {
    if (now() - servedAtMs < MIN_SERVE_INTERVAL_MS || !context.isFed()) {
      return stand({ name: 'waiting', from });
    }
    servedAtMs = now();
    stand({ name: 'serving', from });
    if (from?.epoch === feed.epoch()) void answer(from, turn);
    else context.snapshots(demo).want(receiver);
  };
  const answer = async (from: Resume, asked: number) => {
    const frame =
      feed.catchUp(demo, from.pos) ??
      (await context.readFrame(demo, from.pos).catch(() => undefined));
    if (turn !== asked || !line.isOpen()) return;
    if (!frame) return context.snapshots(demo).want(receiver);
    line.sendFrame(frame);
    settle({ epoch: frame.epoch, pos: frame.pos });
  };
  const settle = (have: Resume) => {
    if (line.bufferedBytes() > SETTLED_BYTES) stand({ name: 'draining', from: have });
    else goLive(have);
  };
  /** Nothing is missed in between: what came after `have` is sent in the same breath as the line joins. */
  const goLive = (have: Resume) => {
    const frame = have.epoch === feed.epoch() ? feed.catchUp(demo, have.pos) : undefined;
    if (!frame) return stand({ name: 'waiting', from: have });
    if (frame.ops.length > 0) line.sendFrame(frame);
    stand({ name: 'live' });
    line.join(demo);
  };
  const checkOutbound = (bufferedBytes: number) => {
    if (bufferedBytes === 0) drainedAtMs = now();
    if (!isStalled({ bufferedBytes, drainedAtMs, nowMs: now() })) return;
    stand({ name: 'draining', from: undefined });
    line.dropQueue();
  };
  const pause = () => {
    const have =
      standing.name === 'live' ? { epoch: feed.epoch(), pos: feed.sent(demo) } : standing.from;
    stand({ name: 'paused', from: have });
  };

  if (standing.name === 'waiting') serve(hello.resume);
  return {
    resume(from) {
      if (standing.name === 'paused') standing.from = from;
      else if (standing.name === 'live') serve(from);
    },
    watch(wish) {
      const isPaused = standing.name === 'paused';
      const changesView = wish.demo !== undefined && wish.demo !== demo;
      if (wish.paused === true && !isPaused) pause();
      if (changesView) {
        stand({ name: standing.name === 'paused' ? 'paused' : 'waiting', from: undefined });
        demo = !demo;
      }
      if (standing.name === 'paused' ? wish.paused === false : changesView) {
        serve(standing.name === 'live' ? undefined : standing.from);
      }
    },
    restart() {
      if (standing.name === 'paused') standing.from = undefined;
      else serve(undefined);
    },
    tick() {
      if (standing.name === 'waiting') return serve(standing.from);
      if (standing.name === 'live') return checkOutbound(line.bufferedBytes());
      if (standing.name !== 'draining' || line.bufferedBytes() > 0) return undefined;
      drainedAtMs = now();
      return standing.from ? goLive(standing.from) : serve(undefined);
    },
    drained() {
      drainedAtMs = now();
    },
    close() {
      stand({ name: 'paused', from: undefined });
    },
  };
}
