import { Type, type Static } from '../typebox/index.ts';

import { Problem } from './overview.ts';

/** Body of `POST /api/requests/:id/cancel`, all of it optional. */
export const CancelBody = Type.Object({
  by: Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: 128,
      pattern: '^[^\\u0000-\\u001f\\u007f]+$',
      description:
        '1 to 128 characters without control characters: who asks (by default api); becomes `cancelled_by` of the call',
    }),
  ),
});
export type CancelBody = Static<typeof CancelBody>;

const result = {
  id: Type.String(),
  reached: Type.Boolean({ description: 'the client or agent that makes the call answered' }),
  aborted: Type.Boolean({ description: 'it ended the call' }),
  reason: Type.Union([Type.String(), Type.Null()], {
    description: 'why the call was not ended; null when it was',
  }),
};

/** Answer of `POST /api/requests/:id/cancel` with 200: whoever makes the call was reached, and ended it or says why not. */
export const CancelResult = Type.Object(result, { $id: 'CancelResult' });
export type CancelResult = Static<typeof CancelResult>;

/** Its answer with 503 and 504, nobody was reached: a problem that has the fields of {@link CancelResult} too. */
export const CancelProblem = Type.Object(
  { ...Problem.properties, ...result },
  { $id: 'CancelProblem' },
);
export type CancelProblem = Static<typeof CancelProblem>;
