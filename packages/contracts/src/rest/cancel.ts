import { Type, type Static } from 'typebox';

import { CancelCommand } from '../events/control.ts';
import { Problem } from './overview.ts';

/** Body of `POST /api/requests/:id/cancel`, all of it optional. */
export const CancelBody = Type.Object(
  {
    /** Who asks; becomes `cancelled_by` of the call. `api` when absent. */
    by: Type.Optional(CancelCommand.properties.by),
  },
  { $id: 'CancelBody' },
);
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
