import { ALL_PROGRESS } from '@llm-monitor/contracts/bus';
import type { NatsConnection } from '@nats-io/transport-node';

import { parseProgress, type CallProgress } from '../core/progress-ops.ts';

/** Hears the progress of every running call. Each replica hears all of it: no queue group. */
export function followProgress(
  connection: NatsConnection,
  onProgress: (progress: CallProgress) => void,
): { stop(): void } {
  const subscription = connection.subscribe(ALL_PROGRESS, {
    callback: (error, message) => {
      if (error) return;
      const progress = parseProgress(message.subject, message.string());
      if (progress) onProgress(progress);
    },
  });
  return { stop: () => subscription.unsubscribe() };
}
