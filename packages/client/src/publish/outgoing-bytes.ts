import type { BusMessage } from './bus-connection.ts';

const SLAB_BYTES = 64 * 1024;
/** Of UTF-8, for a UTF-16 code unit. */
const MOST_BYTES_A_UNIT = 3;
const [CR, LF] = [13, 10];

/**
 * Writes messages as they go over the wire, one behind the other, and hands over all that were written in one turn as one piece. The library
 * makes four pieces of each, checks the letters of its subjects, and copies all of them once more.
 */
export class OutgoingBytes {
  private readonly send: (bytes: Uint8Array) => void;
  private readonly flushSoon = () => this.flush();
  // Not written to again once it is handed over, since the socket may still hold it.
  private slab = Buffer.allocUnsafeSlow(0);
  private from = 0;
  private to = 0;

  /** @param send takes over bytes, which do not change any more */
  constructor(send: (bytes: Uint8Array) => void) {
    this.send = send;
  }

  /**
   * @param reply where an answer goes; empty where none is wanted
   * @param most so many bytes the server takes: it would end the connection
   * @returns false when it is more
   */
  add(
    { subject, headers }: Omit<BusMessage, 'payload'>,
    reply: string,
    payload: Uint8Array,
    most: number,
  ): boolean {
    const head = headOf(headers);
    const headBytes = Buffer.byteLength(head);
    if (headBytes + payload.length > most) return false;
    const to = reply === '' ? subject : `${subject} ${reply}`;
    const text = `HPUB ${to} ${headBytes} ${headBytes + payload.length}\r\n${head}`;
    const slab = this.roomFor(MOST_BYTES_A_UNIT * text.length + payload.length + 2);
    if (this.to === this.from) queueMicrotask(this.flushSoon);
    const at = this.to + slab.write(text, this.to);
    slab.set(payload, at);
    const end = at + payload.length;
    slab[end] = CR;
    slab[end + 1] = LF;
    this.to = end + 2;
    return true;
  }

  /** Hands over what was written. */
  flush(): void {
    const { slab, from, to } = this;
    if (from === to) return;
    this.from = to;
    this.send(slab.subarray(from, to));
  }

  private roomFor(most: number): Buffer {
    if (this.to + most > this.slab.length) {
      this.flush();
      this.slab = Buffer.allocUnsafeSlow(Math.max(SLAB_BYTES, most));
      this.from = 0;
      this.to = 0;
    }
    return this.slab;
  }
}

/** Headers as they go over the wire. */
export function headOf(fields: BusMessage['headers']): string {
  let text = 'NATS/1.0\r\n';
  for (const name in fields) text += `${name}: ${fields[name]}\r\n`;
  return `${text}\r\n`;
}
