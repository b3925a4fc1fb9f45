import { Type, type Static } from '../typebox/index.ts';

import { Phase, REQUEST_ID_PATTERN } from './request.ts';

/** A repetition at the end of what was generated. */
export const Repeating = Type.Object({
  period: Type.Integer({ minimum: 1, maximum: 4096 }),
  times: Type.Integer({ minimum: 2, maximum: 1e9 }),
});
export type Repeating = Static<typeof Repeating>;

/** `data` of `llm.progress.v1` on core NATS: lossy, so that it costs nothing when nobody watches. */
export const ProgressData = Type.Object({
  requestId: Type.String({ pattern: REQUEST_ID_PATTERN }),
  app: Type.String({ minLength: 1, maxLength: 256 }),
  model: Type.String({ minLength: 1, maxLength: 256 }),
  phase: Phase,
  /** Stream chunks so far: an estimate of tokens. */
  chunks: Type.Integer({ minimum: 0 }),
  /** Characters generated so far. */
  chars: Type.Integer({ minimum: 0 }),
  /** Chunks a second over the last second or so: an estimate. */
  tokensPerSecond: Type.Optional(Type.Number({ minimum: 0 })),
  /** 0–100, where the server reports it. */
  prefillPercent: Type.Optional(Type.Number({ minimum: 0, maximum: 100 })),
  /**
   * Present while what is generated repeats itself: how many characters, and how often they came. Who makes the call finds out, so that
   * no text has to leave it.
   */
  repeating: Type.Optional(Repeating),
  demo: Type.Optional(Type.Boolean()),
});
export type ProgressData = Static<typeof ProgressData>;
