import { JetStreamApiError, type JetStreamManager } from '@nats-io/jetstream';

const NO_MESSAGE = 10_037;

/** Erases a message of a stream; one that is gone already is no failure. */
export async function eraseMessage(
  manager: JetStreamManager,
  stream: string,
  seq: number,
): Promise<void> {
  try {
    await manager.streams.deleteMessage(stream, seq);
  } catch (error) {
    // Its age, or somebody else, took it: servers have several answers for that.
    if (await isThere(manager, stream, seq)) throw error;
  }
}

async function isThere(manager: JetStreamManager, stream: string, seq: number): Promise<boolean> {
  try {
    return (await manager.streams.getMessage(stream, { seq })) !== null;
  } catch (error) {
    if (isGone(error)) return false;
    throw error;
  }
}

/** Does the server say that there is no such message? */
export const isGone = (error: unknown): boolean =>
  error instanceof JetStreamApiError && (error.code === NO_MESSAGE || error.status === 404);
