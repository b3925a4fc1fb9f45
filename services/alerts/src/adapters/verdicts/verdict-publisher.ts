import { subjects } from '@llm-monitor/contracts/bus';
import { createEvent, type VerdictData } from '@llm-monitor/contracts/events';
import type { RequestRecord } from '@llm-monitor/contracts/redis';
import { headers, type NatsConnection } from '@nats-io/transport-node';

import type { VerdictChange } from '../../core/verdicts/verdict-changes.ts';

/** What identifies the call that a verdict is on. */
export type JudgedCall = Pick<RequestRecord, 'id' | 'app' | 'model' | 'host' | 'demo'>;

/** Tells the bus of verdicts that began and ceased to hold. */
export function publishVerdict(
  connection: NatsConnection,
  call: JudgedCall,
  change: Omit<VerdictChange, 'member'> & { hasEnded?: boolean },
  atMs: number,
): void {
  const { verdict, what } = change;
  const { id: requestId, app, model, host, demo } = call;
  const data: VerdictData = {
    ...{ requestId, app, model },
    ...(host === undefined ? {} : { host }),
    verdict,
    ...(what === 'cleared' ? { cleared: change.hasEnded ? 'ended' : 'over' } : {}),
    ...(demo ? { demo } : {}),
  };
  const subject = subjects.verdict(what, app, model);
  const event = createEvent({
    id: `${requestId}:${verdict.kind}:${Date.parse(verdict.since)}:${what}`,
    source: '/alerts',
    type: `llm.verdict.${what}.v1`,
    time: new Date(atMs).toISOString(),
    subject,
    data,
  });
  const head = headers();
  head.set('Nats-Msg-Id', event.id);
  connection.publish(subject, JSON.stringify(event), { headers: head });
}
