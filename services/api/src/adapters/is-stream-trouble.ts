import { JetStreamApiError, JetStreamError } from '@nats-io/jetstream';
import { errors } from '@nats-io/transport-node';

const KINDS = [
  ...[JetStreamApiError, JetStreamError],
  ...[errors.RequestError, errors.TimeoutError, errors.NoRespondersError],
];

/** Whether NATS is there and its streams are not: no collector made them yet, they have no leader, or the answer took too long. */
export function isStreamTrouble(error: unknown): boolean {
  return KINDS.some((kind) => error instanceof kind);
}
