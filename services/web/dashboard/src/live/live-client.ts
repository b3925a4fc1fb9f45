import type { Frame, Hello, Resume, Snapshot, Watch } from '@llm-monitor/contracts/live';
import { io, type Socket } from 'socket.io-client';

import type { Store } from '../store/store.ts';
import { applyFrame } from './apply-frame.ts';
import { backOffMs } from './back-off.ts';
import type { Connection } from './connection.ts';
import { stateFromSnapshot, type LiveState } from './live-state.ts';
import type { ServerClock } from './server-clock.ts';

/** Silence after which a socket counts as dead, even if it claims to be open. */
const SILENCE_MS = 30_000;
const WATCH_EVERY_MS = 1000;
/** How long to wait for the answer to a `resume` before asking again. */
const RESUME_AGAIN_MS = 3000;
/** Connected, but no snapshot: the service lacks something. */
const SNAPSHOT_LATE_MS = 8000;

interface ServerEvents {
  snapshot: (snapshot: Snapshot, ack?: () => void) => void;
  frame: (frame: Frame, ack?: () => void) => void;
}
interface BrowserEvents {
  resume: (resume: Resume) => void;
  watch: (watch: Watch) => void;
}

export interface LiveClientOptions {
  /** Empty for the page's own origin. */
  url: string;
  demo: boolean;
  live: Store<LiveState | null>;
  connection: Store<Connection>;
  clock: ServerClock;
  monotonicMs: () => number;
  random: () => number;
  /** Calls back before the next paint, or soon where nothing is painted. */
  nextFrame: (flush: () => void) => void;
}

export interface LiveClient {
  retryNow(): void;
  setHidden(hidden: boolean): void;
  close(): void;
}

type Message = { snapshot: Snapshot } | { frame: Frame };

/** Follows the server and keeps `live` and `connection` true. */
export function createLiveClient(options: LiveClientOptions): LiveClient {
  const { live, connection, clock, monotonicMs } = options;
  const socket: Socket<ServerEvents, BrowserEvents> = io(options.url, {
    transports: ['websocket'],
    reconnection: false,
    auth: (tell) => tell(hello()),
  });
  const hello = (): Hello => {
    const state = live.get();
    const resume = state && { epoch: state.epoch, pos: state.pos };
    return { demo: options.demo, paused: hidden, ...(resume ? { resume } : {}) };
  };
  let inbox: Message[] = [];
  let hidden = false;
  let failures = 0;
  let retryTimer: ReturnType<typeof setTimeout> | undefined;
  let resumeAskedAt = -Infinity;
  let connectedAt = monotonicMs();

  const set = (fields: Partial<Connection>) =>
    connection.update((before) => ({ ...before, ...fields }));

  const receive = (message: Message, serverTime: number) => {
    clock.heard(serverTime);
    set({ heardAt: monotonicMs() });
    inbox.push(message);
    if (inbox.length === 1) options.nextFrame(flush);
  };

  const flush = () => {
    const messages = inbox;
    inbox = [];
    let state = live.get();
    for (const message of messages) state = next(state, message);
    live.set(state);
    if (state && connection.get().phase !== 'open' && socket.connected) {
      failures = 0;
      set({ phase: 'open', fault: null, failures, retryAt: null });
    }
  };

  const next = (state: LiveState | null, message: Message): LiveState | null => {
    if ('snapshot' in message) {
      resumeAskedAt = -Infinity;
      return stateFromSnapshot(message.snapshot);
    }
    if (!state) return null;
    const applied = applyFrame(state, message.frame);
    if (applied.verdict === 'gap' || applied.verdict === 'other-epoch') askResume(state);
    return applied.state;
  };

  const askResume = (state: LiveState) => {
    if (monotonicMs() - resumeAskedAt < RESUME_AGAIN_MS) return;
    resumeAskedAt = monotonicMs();
    socket.emit('resume', { epoch: state.epoch, pos: state.pos });
  };

  const connect = () => {
    clearTimeout(retryTimer);
    connectedAt = monotonicMs();
    set({ phase: live.get() ? 'reconnecting' : 'connecting', retryAt: null });
    socket.connect();
  };

  const retryLater = (fault: string | null) => {
    clearTimeout(retryTimer);
    const delayMs = backOffMs(failures++, options.random);
    set({
      phase: live.get() ? 'reconnecting' : 'connecting',
      fault: fault ?? connection.get().fault,
      failures,
      retryAt: monotonicMs() + delayMs,
    });
    retryTimer = setTimeout(connect, delayMs);
  };

  socket.on('connect', () => {
    connectedAt = monotonicMs();
    resumeAskedAt = -Infinity;
  });
  socket.on('snapshot', (snapshot, ack) => {
    receive({ snapshot }, snapshot.serverTime);
    ack?.();
  });
  socket.on('frame', (frame, ack) => {
    receive({ frame }, frame.serverTime);
    ack?.();
  });
  socket.on('connect_error', (error) => retryLater(error.message));
  socket.on('disconnect', (reason) => {
    if (reason !== 'io client disconnect') retryLater(null);
  });

  const watch = setInterval(() => {
    if (hidden || !socket.connected) return;
    const silentMs = monotonicMs() - Math.max(connectedAt, connection.get().heardAt ?? 0);
    if (silentMs > SILENCE_MS) {
      socket.disconnect();
      retryLater(null);
    } else if (!live.get() && monotonicMs() - connectedAt > SNAPSHOT_LATE_MS) {
      set({ fault: 'no-snapshot' });
    }
  }, WATCH_EVERY_MS);

  return {
    retryNow() {
      if (socket.connected && live.get()) return;
      socket.disconnect();
      connect();
    },
    setHidden(isHidden) {
      if (isHidden === hidden) return;
      hidden = isHidden;
      connectedAt = monotonicMs();
      if (!socket.connected) {
        if (!hidden) connect();
        return;
      }
      socket.emit('watch', { paused: hidden });
    },
    close() {
      clearInterval(watch);
      clearTimeout(retryTimer);
      socket.disconnect();
    },
  };
}
