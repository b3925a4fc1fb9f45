import { Type, type Static } from '../typebox/index.ts';

import { HEARTBEAT_IDS } from './limits.ts';
import { REQUEST_ID_PATTERN } from './request.ts';

/** `data` of `llm.app.heartbeat.v1`: what an instance runs, and what it could not send. */
export const HeartbeatData = Type.Object({
  app: Type.String({ minLength: 1, maxLength: 256 }),
  instance: Type.String({ minLength: 1, maxLength: 256 }),
  host: Type.Optional(Type.String({ maxLength: 256 })),
  runningRequestIds: Type.Array(Type.String({ pattern: REQUEST_ID_PATTERN }), {
    maxItems: HEARTBEAT_IDS,
  }),
  running: Type.Integer({ minimum: 0 }),
  /** Events waiting in the instance's buffer. */
  queued: Type.Optional(Type.Integer({ minimum: 0 })),
  /** Since the instance started. */
  droppedEvents: Type.Optional(Type.Integer({ minimum: 0 })),
  /** Since the instance started. */
  droppedRequests: Type.Optional(Type.Integer({ minimum: 0 })),
  /** The instance is ending: what it no longer lists will not come back. */
  stopping: Type.Optional(Type.Boolean()),
});
export type HeartbeatData = Static<typeof HeartbeatData>;
