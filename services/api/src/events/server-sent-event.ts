import { Envelope } from '@llm-monitor/contracts/events';
import { Value } from '@llm-monitor/contracts/typebox/value';

/** An event of the bus, ready to be sent. */
export interface BridgedEvent {
  demo: boolean;
  /** As `text/event-stream` has it. */
  text: string;
}

const ID = /^[\x20-\x7e]{1,256}$/;

/** What is on the bus as an event stream has it; undefined when it is no event: anyone may publish anything. */
export function toServerSentEvent(body: string): BridgedEvent | undefined {
  let event: unknown;
  try {
    event = JSON.parse(body);
  } catch {
    return undefined;
  }
  if (!Value.Check(Envelope, event) || !ID.test(event.id)) return undefined;
  const { data } = event as { data?: { demo?: unknown } };
  // Written anew, it has no line breaks, which would end the field.
  const lines = [`id: ${event.id}`, `event: ${event.type}`, `data: ${JSON.stringify(event)}`];
  return { demo: data?.demo === true, text: `${lines.join('\n')}\n\n` };
}

/** A word of the bridge itself. */
export type Notice = 'lost' | 'back' | 'cut-off' | 'closing';

const REASONS: Record<Notice, string> = {
  lost: 'NATS is away. Events of now are missing here; when it is back, the stream goes on.',
  back: 'NATS is back. What happened meanwhile is in GET /api/requests.',
  'cut-off': 'You read too slowly. Connect again, or ask for fewer subjects.',
  closing: 'The API ends. Connect again in some seconds.',
};

export const toNotice = (notice: Notice): string =>
  `event: ${notice}\ndata: ${JSON.stringify({ reason: REASONS[notice] })}\n\n`;
