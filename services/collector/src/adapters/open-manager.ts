import { jetstreamManager, type JetStreamManager } from '@nats-io/jetstream';
import { errors, type NatsConnection } from '@nats-io/transport-node';

/** Each waits five seconds. A cluster that lost a server has another leader after ten. */
const MOST_TRIES = 6;

/**
 * The interface of the streams. While the servers of a cluster elect a leader nobody answers it, which is no reason to end.
 * @throws when there is none, at once, or when nobody answers for half a minute
 */
export async function openManager(connection: NatsConnection): Promise<JetStreamManager> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await jetstreamManager(connection);
    } catch (error) {
      if (!(error instanceof errors.TimeoutError) || tries === MOST_TRIES) throw error;
    }
  }
}
