import type { Socket as NetSocket } from 'node:net';

import type { Socket } from 'socket.io';

import type { PreparedFrame } from '../core/prepare-frame.ts';

// Socket.IO has no public word for how much waits to be sent, nor for what is sent alike to thousands, so this one file knows where
// engine.io and ws keep it.

interface Packet {
  type: string;
  data?: string | Buffer;
  options?: { wsPreEncodedFrame?: readonly Buffer[] };
}

interface Connection {
  readyState: string;
  writeBuffer: Packet[];
  transport: {
    socket?: { bufferedAmount: number; readyState: number; _socket?: NetSocket | null };
  };
  write(data: string, options: { compress: boolean; wsPreEncodedFrame: readonly Buffer[] }): void;
}

const WEBSOCKET_OPEN = 1;

const connectionOf = (socket: Socket): Connection => socket.conn as unknown as Connection;

/** Bytes that wait for this browser, in this process. */
export function bufferedBytes(socket: Socket): number {
  const { writeBuffer, transport } = connectionOf(socket);
  const waiting = writeBuffer.reduce((sum, packet) => sum + sizeOf(packet), 0);
  return waiting + (transport.socket?.bufferedAmount ?? 0);
}

function sizeOf({ data, options }: Packet): number {
  if (data !== undefined) return data.length;
  return options?.wsPreEncodedFrame?.reduce((sum, part) => sum + part.length, 0) ?? 0;
}

/** Forgets messages that wait. Pings stay, or a slow browser would be taken for a dead one. */
export function dropQueue(socket: Socket): void {
  const connection = connectionOf(socket);
  connection.writeBuffer = connection.writeBuffer.filter(({ type }) => type !== 'message');
}

/**
 * Sends a frame, in its turn. Where nothing waits its bytes go to the operating system at once: on their way through Socket.IO and
 * engine.io they cost half as much again. Where something waits, a lossy one is dropped.
 */
export function sendPrepared(socket: Socket, frame: PreparedFrame, isLossy: boolean): void {
  const connection = connectionOf(socket);
  const idle = idleSocket(connection);
  if (idle) idle.write(frame.bytes);
  else if (!isLossy) {
    connection.write(frame.message, { compress: false, wsPreEncodedFrame: [frame.bytes] });
  }
}

/** The socket under an open websocket on which nothing waits to be sent. */
function idleSocket({ readyState, writeBuffer, transport }: Connection): NetSocket | undefined {
  const websocket = transport.socket;
  const isOpen = readyState === 'open' && websocket?.readyState === WEBSOCKET_OPEN;
  const socket = websocket?._socket;
  return isOpen && writeBuffer.length === 0 && socket?.writableLength === 0 ? socket : undefined;
}
