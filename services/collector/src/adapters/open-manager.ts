import { ConfigError } from '@llm-monitor/runtime';
import { jetstreamManager, type JetStreamManager } from '@nats-io/jetstream';
import { errors, type NatsConnection } from '@nats-io/transport-node';

/** Each waits five seconds. A cluster that lost a server has another leader after ten. */
const MOST_TRIES = 6;
const NO_JETSTREAM =
  'The NATS of NATS_URL has no JetStream, in which events wait. Start it with "-js -sd <folder>", or with "jetstream" in its configuration.';

/**
 * The interface of the streams. While the servers of a cluster elect a leader nobody answers it, which is no reason to end.
 * @throws when there is none, at once, or when nobody answers for half a minute
 */
export async function openManager(connection: NatsConnection): Promise<JetStreamManager> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await jetstreamManager(connection);
    } catch (error) {
      // The library does not export its class.
      if ((error as Error).name === 'JetStreamNotEnabled') throw new ConfigError(NO_JETSTREAM);
      if (!(error instanceof errors.TimeoutError) || tries === MOST_TRIES) throw error;
    }
  }
}
