import { Type, type Static } from '../typebox/index.ts';

/** The answer of what deletes. Figures stay as they are: they hold nothing of what was asked and answered. */
export const Deletion = Type.Object(
  {
    deleted: Type.Integer({
      minimum: 0,
      description: 'calls that were deleted, or whose texts were, by this request',
    }),
    running: Type.Integer({
      minimum: 0,
      description: 'calls that were left alone since they run; once they have ended, ask again',
    }),
    done: Type.Boolean({ description: 'false: more is left; ask again with `cursor`' }),
    cursor: Type.Union([Type.String(), Type.Null()]),
  },
  { $id: 'Deletion' },
);
export type Deletion = Static<typeof Deletion>;
