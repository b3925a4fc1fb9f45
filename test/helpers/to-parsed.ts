import { parseEvent, type RequestEvent } from '@llm-monitor/collector/parse-event';

import type { Published } from './an-event.ts';

/** An event as a collector takes it from NATS, which got it when it happened. @throws when it would be a dead letter */
export function toParsed({ subject, event }: Published): RequestEvent {
  const body = new TextEncoder().encode(JSON.stringify(event));
  const brokerTimeMs = Date.parse(event.time);
  const parsed = parseEvent({ subject, body, sentAt: event.time, brokerTimeMs });
  if ('reason' in parsed) throw new Error(parsed.detail);
  return parsed;
}
