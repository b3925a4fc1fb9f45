import { randomUUID } from 'node:crypto';

/** As many as the runtime draws randomness for at once. */
const AHEAD = 128;

const ahead: string[] = [];

/** An id that nobody else has: on the path of a call, since it is made before. */
export function nextRequestId(): string {
  return ahead.pop() ?? randomUUID();
}

/** Makes ids for the next calls. One in 128 waits until randomness is drawn for those behind it, ten times as long as all else that a call waits for. */
export function prepareRequestIds(): void {
  while (ahead.length < AHEAD) ahead.push(randomUUID());
}
