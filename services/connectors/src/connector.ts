import type { IncomingMessage, ServerResponse } from 'node:http';

import type { Check, Logger } from '@llm-monitor/runtime';
import type { NatsConnection } from '@nats-io/transport-node';

/** A way to another system. It is there from the start; what it does with the bus begins once there is one. */
export interface Connector {
  name: string;
  /** Of `/ready`. Another system that is away is told in `detail`, and makes nobody restart this service. */
  checks: readonly Check[];
  /** Answers what another system asks of this service; false when it is not for it. */
  handle?(request: IncomingMessage, response: ServerResponse): boolean;
  start(bus: NatsConnection): Promise<void>;
  stop(): Promise<void>;
}

/** What a connector is made of. */
export interface ConnectorContext {
  env: Readonly<Record<string, string | undefined>>;
  log: Logger;
}

/**
 * Makes a connector by its part of the environment; undefined when that names nothing to connect to.
 * @throws {ConfigError}
 */
export type OpenConnector = (context: ConnectorContext) => Connector | undefined;
