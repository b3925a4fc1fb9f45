import { BOT_EVENTS } from './bot-events.ts';
import { ALERT_EVENTS } from './alert-events.ts';
import { COMMANDS } from './commands.ts';
import { DEAD_LETTER_EVENTS } from './dead-letter-events.ts';
import { NOTIFIED_EVENTS } from './notified-events.ts';
import type { PublicCommand, PublicEvent } from './public-event.ts';
import { REQUEST_EVENTS } from './request-events.ts';
import { TELEMETRY_EVENTS } from './telemetry-events.ts';
import { VERDICT_EVENTS } from './verdict-events.ts';

/** Every event that the monitor puts on the bus. The one list: docs/asyncapi.yaml is made of it, and what is sent is tested against that. */
export const PUBLIC_EVENTS: readonly PublicEvent[] = [
  ...REQUEST_EVENTS,
  ...TELEMETRY_EVENTS,
  ...BOT_EVENTS,
  ...VERDICT_EVENTS,
  ...ALERT_EVENTS,
  ...DEAD_LETTER_EVENTS,
  ...NOTIFIED_EVENTS,
];

/** Every question and signal on the bus, all below `llm.control.`. */
export const PUBLIC_COMMANDS: readonly PublicCommand[] = COMMANDS;
