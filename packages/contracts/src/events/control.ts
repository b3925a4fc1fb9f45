import { Type, type Static } from '../typebox/index.ts';

import { REQUEST_ID_PATTERN } from './request.ts';

/** Asked of `llm.control.cancel.<app>.<instance>`: end this call, and no other. */
export const CancelCommand = Type.Object({
  requestId: Type.String({ pattern: REQUEST_ID_PATTERN }),
  /** Who asks; becomes `cancelledBy` of the end event. */
  by: Type.String({ minLength: 1, maxLength: 128 }),
});
export type CancelCommand = Static<typeof CancelCommand>;

/** The answer. `reason` says why not. */
export const CancelReply = Type.Object({
  aborted: Type.Boolean(),
  reason: Type.Optional(Type.String({ maxLength: 1024 })),
});
export type CancelReply = Static<typeof CancelReply>;

/**
 * Asked of `llm.control.delete`, which one collector answers: delete a part of what is kept in one short
 * step. While the answer has a `next`, ask again with it as `cursor`. Asking from the start again does no harm.
 */
export const DeleteCommand = Type.Object({
  /** One call; the calls of an app; or what was asked and answered, of all calls. */
  what: Type.Union([Type.Literal('request'), Type.Literal('app'), Type.Literal('texts')]),
  app: Type.Optional(Type.String({ pattern: '^[A-Za-z0-9_-]{1,256}$' })),
  requestId: Type.Optional(Type.String({ pattern: REQUEST_ID_PATTERN })),
  cursor: Type.Optional(Type.String({ maxLength: 256 })),
});
export type DeleteCommand = Static<typeof DeleteCommand>;

/** The answer: what this step did. */
export const DeleteReply = Type.Union([
  Type.Object({
    /** Calls that were deleted, or whose texts were. */
    deleted: Type.Integer({ minimum: 0 }),
    /** Calls that were left alone since they run. */
    running: Type.Integer({ minimum: 0 }),
    next: Type.Optional(Type.String()),
  }),
  Type.Object({
    problem: Type.Union([
      Type.Literal('running'),
      Type.Literal('not-understood'),
      Type.Literal('failed'),
    ]),
    /** For a person. */
    reason: Type.String(),
  }),
]);
export type DeleteReply = Static<typeof DeleteReply>;
