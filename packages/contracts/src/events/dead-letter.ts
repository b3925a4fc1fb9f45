import { Type, type Static } from '../typebox/index.ts';

/** Why a message could not be used; the last token of its subject. */
export const DEAD_LETTER_REASONS = [
  'invalid-json',
  'invalid-event',
  'too-large',
  'unknown-subject',
] as const;
export type DeadLetterReason = (typeof DEAD_LETTER_REASONS)[number];

/** `data` of `llm.dead-letter.<reason>.v1`: what was refused, where it was, and why. */
export const DeadLetterData = Type.Object({
  reason: Type.Enum([...DEAD_LETTER_REASONS]),
  /** For a person: which field, which rule. */
  detail: Type.String(),
  stream: Type.String(),
  /** Its place in that stream. */
  sequence: Type.Integer({ minimum: 0 }),
  originalSubject: Type.String(),
  /** The first 8 KiB of the body as text; `truncated` says whether that is not all. */
  body: Type.String(),
  bodyBytes: Type.Integer({ minimum: 0 }),
  truncated: Type.Boolean(),
  /** When the broker stored the message, RFC 3339; and its `Llm-Sent-At` header, if it had one. */
  storedAt: Type.Optional(Type.String()),
  sentAt: Type.Optional(Type.String()),
});
export type DeadLetterData = Static<typeof DeadLetterData>;
