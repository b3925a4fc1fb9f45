import type { Frame, LiveAck, Snapshot } from '@llm-monitor/contracts/live';
import type { Server, Socket } from 'socket.io';

import type { LiveFeed } from '../core/live-feed.ts';
import { parseHello, parseResume, parseWatch } from '../core/messages.ts';
import { MAX_BUFFERED_BYTES } from '../core/judge-outbound.ts';
import { bufferedBytes, dropQueue } from './outbound.ts';
import type { Line, SessionContext } from './session-context.ts';
import { Session } from './session.ts';

const viewRoom = (demo: boolean) => (demo ? 'demo' : 'real');

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
  return {
    sendFrame(demo, frame, delivery) {
      const room = io.to(viewRoom(demo));
      (delivery === 'lossy' ? room.volatile : room).emit('frame', frame);
    },
    sendSnapshot(socketIds, snapshot) {
      if (socketIds.length > 0) io.to(socketIds).emit('snapshot', snapshot);
    },
    sendFrameTo(socketIds, frame) {
      if (socketIds.length > 0) io.to(socketIds).emit('frame', frame);
    },
    isWatched: (demo) => (io.sockets.adapter.rooms.get(viewRoom(demo))?.size ?? 0) > 0,
    open(context) {
      io.on('connection', (socket: Socket) => {
        const session = new Session(lineOf(socket), context, parseHello(socket.handshake.auth));
        sessions.add(session);
        listen(socket, session);
        socket.on('disconnect', () => {
          sessions.delete(session);
          session.close();
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

function lineOf(socket: Socket): Line {
  return {
    id: socket.id,
    isOpen: () => socket.connected,
    sendFrame: (frame) => void socket.emit('frame', frame),
    join: (demo) => void socket.join(viewRoom(demo)),
    leave() {
      void socket.leave(viewRoom(false));
      void socket.leave(viewRoom(true));
    },
    bufferedBytes: () => bufferedBytes(socket),
    dropQueue: () => dropQueue(socket),
  };
}
