import type { Frame, LiveAck, Snapshot } from '@llm-monitor/contracts/live';
import type { Server, Socket } from 'socket.io';

import type { LiveFeed } from '../core/live-feed.ts';
import { parseHello, parseResume, parseWatch } from '../core/messages.ts';
import { MAX_BUFFERED_BYTES } from '../core/judge-outbound.ts';
import { prepareFrame } from '../core/prepare-frame.ts';
import { bufferedBytes, dropQueue, sendPrepared } from './outbound.ts';
import type { Line, SessionContext } from './session-context.ts';
import { Session } from './session.ts';

/** The browsers that get the frames of each view. */
interface Views {
  of(demo: boolean): Set<Socket>;
  leave(socket: Socket): void;
}

function createViews(): Views {
  const [real, demo] = [new Set<Socket>(), new Set<Socket>()];
  return {
    of: (isDemo) => (isDemo ? demo : real),
    leave(socket) {
      real.delete(socket);
      demo.delete(socket);
    },
  };
}

/** What is said to browsers, and who they are. */
export interface LiveServer {
  sendFrame(demo: boolean, frame: Frame, delivery: 'certain' | 'lossy'): void;
  sendSnapshot(socketIds: string[], snapshot: Snapshot): void;
  /** A frame to some, and not to all of a view. */
  sendFrameTo(socketIds: string[], frame: Frame): void;
  isWatched(demo: boolean): boolean;
  /** Takes connections from now on. */
  open(context: SessionContext & { feed: LiveFeed }): void;
  /** A few times a second. */
  tick(): void;
  /** What browsers have is of no use any more. */
  restart(): void;
}

export function createLiveServer(io: Server): LiveServer {
  const sessions = new Set<Session>();
  const views = createViews();
  return {
    sendFrame(demo, frame, delivery) {
      const sockets = views.of(demo);
      if (sockets.size === 0) return;
      const prepared = prepareFrame(frame);
      for (const socket of sockets) sendPrepared(socket, prepared, delivery === 'lossy');
    },
    sendSnapshot(socketIds, snapshot) {
      if (socketIds.length > 0) io.to(socketIds).emit('snapshot', snapshot);
    },
    sendFrameTo(socketIds, frame) {
      if (socketIds.length > 0) io.to(socketIds).emit('frame', frame);
    },
    isWatched: (demo) => views.of(demo).size > 0,
    open(context) {
      io.on('connection', (socket: Socket) => {
        const session = new Session(
          lineOf(socket, views),
          context,
          parseHello(socket.handshake.auth),
        );
        sessions.add(session);
        listen(socket, session);
        socket.on('disconnect', () => {
          sessions.delete(session);
          session.close();
          views.leave(socket);
        });
      });
    },
    tick() {
      for (const session of sessions) session.tick();
    },
    restart() {
      for (const session of sessions) session.restart();
    },
  };
}

function listen(socket: Socket, session: Session): void {
  socket.conn.on('drain', () => session.drained());
  socket.on('resume', (message: unknown, ack: unknown) => {
    const from = parseResume(message);
    if (from) session.resume(from);
    acknowledge(socket, ack, from ? undefined : 'resume takes {epoch, pos}');
  });
  socket.on('watch', (message: unknown, ack: unknown) => {
    const wish = parseWatch(message);
    if (wish) session.watch(wish);
    acknowledge(socket, ack, wish ? undefined : 'watch takes {demo?: boolean, paused?: boolean}');
  });
}

/** Whoever asks and does not read gets no answers: they would pile up here. */
function acknowledge(socket: Socket, ack: unknown, error: string | undefined): void {
  if (typeof ack !== 'function' || bufferedBytes(socket) > MAX_BUFFERED_BYTES) return;
  const answer: LiveAck = error === undefined ? { ok: true } : { ok: false, error };
  (ack as (answer: LiveAck) => void)(answer);
}

function lineOf(socket: Socket, views: Views): Line {
  return {
    id: socket.id,
    isOpen: () => socket.connected,
    sendFrame: (frame) => void socket.emit('frame', frame),
    join: (demo) => void views.of(demo).add(socket),
    leave: () => views.leave(socket),
    bufferedBytes: () => bufferedBytes(socket),
    dropQueue: () => dropQueue(socket),
  };
}
