import { Type, type Static } from '../typebox/index.ts';

/** `GET /health`: the process runs. */
export const Health = Type.Object({
  status: Type.Literal('ok'),
  service: Type.String(),
  version: Type.String(),
  /** seconds */
  uptime: Type.Number(),
  pid: Type.Integer(),
  memory_rss_bytes: Type.Number(),
});
export type Health = Static<typeof Health>;

/** `GET /ready` (200 or 503): every dependency answers and work moves on. `detail` says what is wrong and what to do. */
export const Readiness = Type.Object({
  status: Type.Enum(['ready', 'not-ready']),
  service: Type.String(),
  checks: Type.Array(
    Type.Object({ name: Type.String(), ok: Type.Boolean(), detail: Type.String() }),
  ),
});
export type Readiness = Static<typeof Readiness>;
