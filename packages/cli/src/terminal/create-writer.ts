/** Writes no faster than somebody reads. Resolves to false when nobody does any more. */
export function createWriter(
  stream: NodeJS.WriteStream,
): (text: string | Uint8Array) => Promise<boolean> {
  // The standard output never counts as destroyed, even when nobody reads it. What becomes of the process is decided elsewhere.
  let hasLeft = false;
  stream.on('error', () => (hasLeft = true));
  return async (text) => {
    if (hasLeft || stream.write(text)) return !hasLeft;
    await new Promise<void>((resolve) => {
      const events = ['drain', 'close', 'error'] as const;
      const done = () => {
        for (const event of events) stream.off(event, done);
        resolve();
      };
      for (const event of events) stream.on(event, done);
    });
    return !hasLeft;
  };
}
