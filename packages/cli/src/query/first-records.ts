/**
 * The head of a CSV file and its first records, as they come; a line break between quotes ends no record (RFC 4180).
 * Ends, and with it what it reads from, when there are enough.
 */
export async function* firstRecords(
  pieces: AsyncIterable<string>,
  limit: number,
): AsyncGenerator<string, void> {
  let left = limit + 1;
  let isQuoted = false;
  for await (const piece of pieces) {
    for (let at = 0; at < piece.length; at++) {
      // A quote that stands for itself comes twice, which changes nothing.
      if (piece[at] === '"') isQuoted = !isQuoted;
      if (piece[at] !== '\n' || isQuoted) continue;
      left -= 1;
      if (left > 0) continue;
      yield piece.slice(0, at + 1);
      return;
    }
    yield piece;
  }
}
