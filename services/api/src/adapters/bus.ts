import { connectBus, type Logger, type TlsSettings } from '@llm-monitor/runtime';
import type { NatsConnection } from '@nats-io/transport-node';

/** NATS as far as the API needs it: reading does without. */
export interface Bus {
  /** Undefined while there is none. */
  connection(): NatsConnection | undefined;
  /** Told whenever it comes or goes. @returns stops that */
  onChange(listener: (isUp: boolean) => void): () => void;
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
  const listeners = new Set<(isUp: boolean) => void>();
  const change = (now: boolean) => {
    if (now === isUp) return;
    isUp = now;
    for (const listener of listeners) listener(now);
  };
  connectBus({ url, name: 'api', log, tls }).then(
    async (connected) => {
      if (isClosed) return connected.close();
      connection = connected;
      change(true);
      // What is published while the server is away would be sent much later.
      for await (const { type } of connected.status()) {
        if (type === 'disconnect') change(false);
        else if (type === 'reconnect') change(true);
      }
      return undefined;
    },
    (error: unknown) =>
      log.error({ err: error }, 'NATS refuses this service: nothing is cancelled'),
  );
  return {
    connection: () => (isUp ? connection : undefined),
    onChange(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    async close() {
      isClosed = true;
      await connection?.close();
    },
  };
}
