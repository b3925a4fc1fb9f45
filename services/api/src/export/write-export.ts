import type { ExportFormat } from './export-formats.ts';

/** Less than a slow line takes in the time after which nobody counts as taking any more. */
const PIECE_BYTES = 64 * 1024;

/** Rows as the bytes of a file. Holds one page at a time, and has the next read when that is taken. @param onTaken told whenever somebody takes some of it */
export async function* writeExport<Row>(
  pages: AsyncIterable<readonly Row[]>,
  format: ExportFormat<Row>,
  onTaken: () => void,
): AsyncGenerator<Uint8Array, void> {
  yield* inPieces(format.head, onTaken);
  let isFirst = true;
  for await (const rows of pages) {
    onTaken();
    if (rows.length === 0) continue;
    yield* inPieces(format.write(rows, isFirst), onTaken);
    isFirst = false;
  }
  yield* inPieces(format.tail, onTaken);
}

function* inPieces(text: string, onTaken: () => void): Generator<Uint8Array, void> {
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; at += PIECE_BYTES) {
    yield bytes.subarray(at, at + PIECE_BYTES);
    onTaken();
  }
}
