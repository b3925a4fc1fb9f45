import { createBrotliDecompress, createGunzip, createInflate, createInflateRaw } from 'node:zlib';
import type { Transform } from 'node:stream';

/** Turns the bytes of an answer into what they mean, beside the passing of them. */
export interface BodyDecoder {
  chunk(bytes: Buffer): void;
  /** Some of it could not be read, by its encoding or for want of time; not because it is broken. */
  isBlind(): boolean;
  /** Calls back once all was decoded, or could not be. */
  end(then: () => void): void;
  destroy(): void;
}

/** So much may wait to be decoded; then the rest of the answer is not looked at. */
const MAX_WAITING_BYTES = 4 * 1024 * 1024;

/**
 * A decoder for a `content-encoding`. Of an encoding that is not known nothing is decoded.
 * `onBytes` is never called after `destroy`.
 */
export function createBodyDecoder(
  encoding: string | undefined,
  onBytes: (bytes: Uint8Array) => void,
): BodyDecoder {
  const name = encoding?.trim().toLowerCase() ?? '';
  if (name === '' || name === 'identity') {
    return {
      ...{ chunk: onBytes, isBlind: () => false },
      ...{ end: (then) => then(), destroy: () => undefined },
    };
  }
  let decoder: Transform | undefined;
  let stopped = false;
  let failed = false;
  let blind = false;
  const fail = () => {
    failed = true;
    decoder?.destroy();
  };
  const open = (first: Buffer) => {
    const created = createTransform(name, first);
    created?.on('data', (bytes: Buffer) => {
      if (!stopped) onBytes(bytes);
    });
    created?.on('error', fail);
    failed = blind = !created;
    return created;
  };
  return {
    chunk(bytes) {
      if (failed || stopped || bytes.length === 0) return;
      decoder ??= open(bytes);
      if (!decoder) return;
      if (decoder.writableLength > MAX_WAITING_BYTES) {
        blind = true;
        fail();
      } else decoder.write(bytes);
    },
    isBlind: () => blind,
    end(then) {
      if (!decoder || failed || stopped) return then();
      decoder.once('close', then);
      decoder.end();
    },
    destroy() {
      stopped = true;
      decoder?.destroy();
    },
  };
}

function createTransform(encoding: string, first: Buffer): Transform | undefined {
  if (encoding === 'gzip' || encoding === 'x-gzip') return createGunzip();
  if (encoding === 'br') return createBrotliDecompress();
  // Some servers mean the bare format by "deflate": it does not begin with zlib's method nibble.
  if (encoding === 'deflate')
    return (first[0] ?? 0) % 16 === 8 ? createInflate() : createInflateRaw();
  return undefined;
}
