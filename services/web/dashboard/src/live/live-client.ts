import type { Frame, Hello, LiveState, Resume, Snapshot, Watch } from '@llm-monitor/contracts/live';
import { io, type Socket } from 'socket.io-client';

import type { Store } from '../store/store.ts';
import type { Connection } from './connection.ts';
import { createInbox } from './inbox.ts';
import { createRetry } from './retry.ts';
import type { ServerClock } from './server-clock.ts';

/** Silence after which a socket counts as dead, even if it claims to be open. */
const SILENCE_MS = 30_000;
const WATCH_EVERY_MS = 1000;
/** Connected, but no snapshot: the service lacks something, or the way is slow. */
const SNAPSHOT_LATE_MS = 8000;

interface ServerEvents {
  snapshot: (snapshot: Snapshot) => void;
  frame: (frame: Frame) => void;
}
interface BrowserEvents {
  resume: (resume: Resume) => void;
  watch: (watch: Watch) => void;
}

type LiveSocket = Socket<ServerEvents, BrowserEvents>;

export interface LiveClientOptions {
  /** Empty for the page's own origin. */
  url: string;
  /** of Socket.IO there */
  path?: string;
  demo: boolean;
  live: Store<LiveState | null>;
  connection: Store<Connection>;
  clock: ServerClock;
  monotonicMs: () => number;
  random: () => number;
  /** Calls back before the next paint, or soon where nothing is painted. */
  nextFrame: (flush: () => void) => void;
  /** Does the service itself say that it is without its store or its bus? */
  lacksData: () => Promise<boolean>;
}

export interface LiveClient {
  retryNow(): void;
  setHidden(hidden: boolean): void;
  close(): void;
}

/** Follows the server and keeps `live` and `connection` true. */
export function createLiveClient(options: LiveClientOptions): LiveClient {
  const { live, connection, clock, monotonicMs, nextFrame, random } = options;
  let hidden = false;
  let connectedAt = monotonicMs();
  const socket: LiveSocket = io(options.url, {
    ...(options.path === undefined ? {} : { path: options.path }),
    transports: ['websocket'],
    reconnection: false,
    auth: (tell) => tell(helloOf(live.get(), options.demo, hidden)),
  });
  const retry = createRetry({
    connection,
    monotonicMs,
    random,
    hasData: () => live.get() !== null,
    connect() {
      connectedAt = monotonicMs();
      // What the last connection did not take any more: a wish of then may be wrong by now, and all is said anew.
      socket.sendBuffer = [];
      socket.connect();
      watchOpening();
    },
  });
  /** A connection that ends before Socket.IO has greeted is an error to nobody else: the library would wait for 20 s. */
  const watchOpening = () => {
    const { engine } = socket.io;
    let isOpen = false;
    engine.once('open', () => (isOpen = true));
    engine.once('close', (reason) => {
      if (isOpen || reason !== 'transport close') return;
      socket.disconnect();
      retry.later(null);
    });
  };
  const inbox = createInbox({
    live,
    monotonicMs,
    nextFrame,
    ask: (resume) => socket.emit('resume', resume),
    onApplied() {
      const isOpen = connection.get().phase === 'open';
      if (live.get() && socket.connected && !isOpen) retry.succeeded();
    },
  });
  const heard = (serverTime: number) => {
    clock.heard(serverTime);
    connection.update((before) => ({ ...before, heardAt: monotonicMs() }));
  };
  socket.on('connect', () => {
    connectedAt = monotonicMs();
    inbox.reset();
  });
  socket.on('snapshot', (snapshot) => {
    heard(snapshot.serverTime);
    inbox.push({ snapshot });
  });
  socket.on('frame', (frame) => {
    heard(frame.serverTime);
    inbox.push({ frame });
  });
  socket.on('connect_error', (error) => retry.later(error.message));
  socket.on('disconnect', (reason) => {
    if (reason !== 'io client disconnect') retry.later(null);
  });

  watchOpening();

  // One question at a time: the way may be slow.
  let isAsking = false;
  const askWhetherItLacksData = () => {
    if (isAsking) return;
    isAsking = true;
    void options.lacksData().then((isSo) => {
      isAsking = false;
      if (isSo && !live.get()) connection.update((before) => ({ ...before, fault: 'no-snapshot' }));
    });
  };
  const checkSilence = () => {
    if (hidden || !socket.connected) return;
    const silentMs = monotonicMs() - Math.max(connectedAt, connection.get().heardAt ?? 0);
    if (silentMs > SILENCE_MS) {
      socket.disconnect();
      retry.later(null);
    } else if (!live.get() && monotonicMs() - connectedAt > SNAPSHOT_LATE_MS) {
      askWhetherItLacksData();
    }
  };
  const watch = setInterval(checkSilence, WATCH_EVERY_MS);

  return {
    retryNow() {
      if (socket.connected && live.get()) return;
      socket.disconnect();
      retry.now();
    },
    setHidden(isHidden) {
      if (isHidden === hidden) return;
      hidden = isHidden;
      connectedAt = monotonicMs();
      if (socket.connected) socket.emit('watch', { paused: hidden });
      else if (!hidden) retry.now();
    },
    close() {
      clearInterval(watch);
      retry.stop();
      socket.disconnect();
    },
  };
}

/** What a connection says first: what it wants to see, and what it has. */
function helloOf(state: LiveState | null, demo: boolean, paused: boolean): Hello {
  const resume = state && { epoch: state.epoch, pos: state.pos };
  return { demo, paused, ...(resume ? { resume } : {}) };
}
