import type { Frame } from '@llm-monitor/contracts/live';

/** A frame as it goes to every browser of a view: made once, however many they are. */
export interface PreparedFrame {
  /** A message of Socket.IO, as engine.io takes it. */
  message: string;
  /** The whole frame of a websocket. */
  bytes: Buffer;
}

/** An event of the default namespace, in Socket.IO's protocol. */
const EVENT = '2';
/** A message, in engine.io's protocol. */
const MESSAGE = '4';
/** RFC 6455: a text in one piece, not compressed; servers do not mask. */
const WHOLE_TEXT = 0x81;
const [LENGTH_OF_16_BITS, LENGTH_OF_64_BITS] = [126, 127];

export function prepareFrame(frame: Frame): PreparedFrame {
  const message = `${EVENT}${JSON.stringify(['frame', frame])}`;
  return { message, bytes: textFrame(`${MESSAGE}${message}`) };
}

function textFrame(text: string): Buffer {
  const length = Buffer.byteLength(text);
  const headLength = length < LENGTH_OF_16_BITS ? 2 : length < 0x10000 ? 4 : 10;
  const bytes = Buffer.allocUnsafe(headLength + length);
  bytes[0] = WHOLE_TEXT;
  if (headLength === 2) bytes[1] = length;
  else if (headLength === 4) {
    bytes[1] = LENGTH_OF_16_BITS;
    bytes.writeUInt16BE(length, 2);
  } else {
    bytes[1] = LENGTH_OF_64_BITS;
    bytes.writeBigUInt64BE(BigInt(length), 2);
  }
  bytes.write(text, headLength);
  return bytes;
}
