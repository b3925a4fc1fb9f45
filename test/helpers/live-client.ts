import {
  isAtOrBefore,
  latestPosition,
  placeFrame,
  type FeedPosition,
  type Frame,
  type Hello,
  type LiveAck,
  type LiveOp,
  type Resume,
  type Snapshot,
  type Watch,
} from '@llm-monitor/contracts/live';
import { io, type Socket } from 'socket.io-client';

import { waitFor } from './wait-for.ts';

/** A browser's end of the live data, by the rules of the contract: it keeps what it was told and notes each gap. */
export interface LiveClient {
  socket: Socket;
  /** In the order of their coming. */
  snapshots: Snapshot[];
  frames: Frame[];
  gaps: Frame[];
  running: Map<string, { tokens: number; ttft: number | null }>;
  ended: Map<string, string>;
  have(): Resume;
  resume(from?: Resume): void;
  watch(wish: Watch): Promise<LiveAck>;
  /** The last figures of this kind, from frames. */
  figures<K extends LiveOp[0]>(kind: K): Extract<LiveOp, readonly [K, ...unknown[]]>[1] | undefined;
  /** As a browser on a stalled line: what is sent stays in the buffers on the way. */
  stopReading(): void;
  goOnReading(): void;
  close(): void;
}

/** Connects and waits until the first snapshot or the answer to `hello.resume` is there. */
export async function startLiveClient(url: string, hello: Hello = {}): Promise<LiveClient> {
  const client = openLiveClient(url, hello);
  const isAnswered = () =>
    hello.resume ? client.frames.length + client.snapshots.length > 0 : client.snapshots.length > 0;
  if (!hello.paused) await waitFor('the first live data', isAnswered);
  return client;
}

export function openLiveClient(url: string, hello: Hello = {}): LiveClient {
  const socket = io(url, { transports: ['websocket'], auth: { ...hello }, reconnectionDelay: 50 });
  let epoch = hello.resume?.epoch ?? '';
  let pos: FeedPosition = hello.resume?.pos ?? [];
  const client: LiveClient = {
    socket,
    snapshots: [],
    frames: [],
    gaps: [],
    running: new Map(),
    ended: new Map(),
    have: () => ({ epoch, pos }),
    resume: (from = { epoch, pos }) => void socket.emit('resume', from),
    watch: (wish) => socket.emitWithAck('watch', wish) as Promise<LiveAck>,
    figures(kind) {
      const ops = client.frames.flatMap((frame) => frame.ops).filter((op) => op[0] === kind);
      return ops.at(-1)?.[1] as never;
    },
    stopReading: () => streamOf(socket).pause(),
    goOnReading: () => streamOf(socket).resume(),
    close: () => void socket.disconnect(),
  };
  socket.on('snapshot', (snapshot: Snapshot) => {
    client.snapshots.push(snapshot);
    ({ epoch, pos } = snapshot);
    client.running = new Map(
      snapshot.active.map((call) => [
        call.id,
        { tokens: call.tokens_generated, ttft: call.time_to_first_token },
      ]),
    );
    client.ended = new Map(snapshot.recent.map((call) => [call.id, call.status]));
  });
  socket.on('frame', (frame: Frame) => {
    client.frames.push(frame);
    const place = frame.epoch === epoch ? placeFrame(pos, frame) : 'gap';
    if (place === 'gap') client.gaps.push(frame);
    if (place !== 'apply') return;
    for (const op of frame.ops) applyOp(client, op);
    if (!isAtOrBefore(frame.pos, pos)) pos = latestPosition(pos, frame.pos);
  });
  return client;
}

function applyOp({ running, ended }: LiveClient, op: LiveOp): void {
  if (op[0] === 'start' && !ended.has(op[1].id)) {
    running.set(op[1].id, { tokens: 0, ttft: op[1].time_to_first_token });
  } else if (op[0] === 'first') {
    const call = running.get(op[1].split(':')[0] ?? '');
    if (call) call.ttft = op[2];
  } else if (op[0] === 'progress') {
    const call = running.get(op[1].split(':')[0] ?? '');
    if (call) call.tokens = op[3];
  } else if (op[0] === 'end') {
    running.delete(op[1].id);
    ended.set(op[1].id, op[1].status);
  }
}

function streamOf(socket: Socket): { pause(): void; resume(): void } {
  const { transport } = socket.io.engine as unknown as {
    transport: { ws: { pause(): void; resume(): void } };
  };
  return transport.ws;
}
