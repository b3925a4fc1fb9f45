import type { EventChoice } from './event-kinds.ts';

/** A message of the bus, as far as it can be read. */
export interface BusEvent {
  subject: string;
  /** The CloudEvent; undefined when the message is none. */
  envelope: Record<string, unknown> | undefined;
  data: Record<string, unknown>;
  /** What the message is, when it is no JSON. */
  text: string;
}

/** Reads a message. Anybody may publish, so nothing is taken for granted. */
export function readEvent(subject: string, text: string): BusEvent {
  const envelope = asObject(parse(text));
  return { subject, envelope, data: asObject(envelope?.['data']) ?? {}, text };
}

/** Is it what was asked for? What the subjects of {@link subjectsOf} let through is checked again by its true names. */
export function isWanted(
  { envelope, data }: BusEvent,
  choice: EventChoice & { demo?: boolean | undefined },
): boolean {
  // What cannot be read is told, unless something certain was asked for.
  if (!envelope) return choice.app === undefined && choice.model === undefined && !choice.demo;
  if ((data['demo'] === true) !== (choice.demo ?? false)) return false;
  if (choice.app !== undefined && data['app'] !== choice.app) return false;
  if (choice.model !== undefined && modelOf(data) !== choice.model) return false;
  return true;
}

/** A model is named, or described. */
export function modelOf(data: Record<string, unknown>): unknown {
  return asObject(data['model'])?.['name'] ?? data['model'];
}

export function asObject(value: unknown): Record<string, unknown> | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : undefined;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
