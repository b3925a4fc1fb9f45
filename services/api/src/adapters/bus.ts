import { connectBus, type Logger, type TlsSettings } from '@llm-monitor/runtime';
import type { NatsConnection } from '@nats-io/transport-node';

/** NATS as far as the API needs it: reading does without. */
export interface Bus {
  /** Undefined while there is none. */
  connection(): NatsConnection | undefined;
  close(): Promise<void>;
}

/** Dials in the background, for ever. */
export function startBus(options: {
  url: string;
  log: Logger;
  tls?: TlsSettings | undefined;
}): Bus {
  const { url, log, tls } = options;
  let connection: NatsConnection | undefined;
  let isUp = false;
  let isClosed = false;
  connectBus({ url, name: 'api', log, tls }).then(
    async (connected) => {
      if (isClosed) return connected.close();
      connection = connected;
      isUp = true;
      // What is published while the server is away would be sent much later.
      for await (const { type } of connected.status()) {
        if (type === 'disconnect') isUp = false;
        else if (type === 'reconnect') isUp = true;
      }
      return undefined;
    },
    (error: unknown) =>
      log.error({ err: error }, 'NATS refuses this service: nothing is cancelled'),
  );
  return {
    connection: () => (isUp ? connection : undefined),
    async close() {
      isClosed = true;
      await connection?.close();
    },
  };
}
