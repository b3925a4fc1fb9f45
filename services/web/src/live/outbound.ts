import type { Socket } from 'socket.io';

// Socket.IO has no public word for how much waits to be sent, so this one file knows where engine.io and ws keep it.

interface Packet {
  type: string;
  data?: string | Buffer;
  options?: { wsPreEncodedFrame?: readonly Buffer[] };
}

interface Connection {
  writeBuffer: Packet[];
  transport: { socket?: { bufferedAmount: number } };
}

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
