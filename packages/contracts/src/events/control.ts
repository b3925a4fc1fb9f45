import { Type, type Static } from 'typebox';

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
