import { Type, type Static, type TSchema } from '../typebox/index.ts';
import { Cost } from './costs.ts';

const nullable = <T extends TSchema>(schema: T) => Type.Union([schema, Type.Null()]);
const count = Type.Integer({ minimum: 0 });
const seconds = (description: string) => Type.Number({ description: `${description}, seconds` });
const rate = Type.Number({ description: '100 · completed / (completed + failed)' });

/** Host figures of `GET /api/status`; null where no agent has said. */
export const SystemStatus = Type.Object({
  cpu_percent: nullable(Type.Number()),
  memory_percent: nullable(Type.Number()),
  memory_used_bytes: nullable(Type.Number()),
  memory_total_bytes: nullable(Type.Number()),
});
export type SystemStatus = Static<typeof SystemStatus>;

/** `GET /api/status`. */
export const Status = Type.Object(
  {
    status: Type.Enum(['ok', 'degraded'], {
      description: 'degraded: events are not being collected at the moment',
    }),
    version: Type.String(),
    uptime: seconds('since this service started'),
    active_requests: count,
    total_requests: count,
    completed_requests: count,
    failed_requests: Type.Integer({ minimum: 0, description: 'time-outs included' }),
    timeout_requests: count,
    cancelled_requests: count,
    success_rate: nullable(rate),
    avg_response_time: seconds('mean of completed inferences; 0 when there were none'),
    total_tokens: Type.Integer({ minimum: 0, description: 'generated tokens' }),
    input_tokens: Type.Integer({ minimum: 0, description: 'prompt tokens' }),
    models_available: Type.Array(Type.String()),
    dropped_events: Type.Integer({
      minimum: 0,
      description: 'given up by clients heard of in the last 15 minutes',
    }),
    dropped_requests: Type.Integer({ minimum: 0, description: 'calls that are missing for it' }),
    waiting_events: Type.Integer({ minimum: 0, description: 'in NATS, not yet collected' }),
    lost_events: Type.Integer({
      minimum: 0,
      description: 'dropped by NATS before they were collected; GET /api/pipeline tells more',
    }),
    dead_letters: Type.Integer({
      minimum: 0,
      description: 'messages that could not be used; GET /api/dead-letters lists them',
    }),
    bots: Type.Integer({ minimum: 0, description: 'trading bots; GET /api/bots lists them' }),
    system: SystemStatus,
  },
  { $id: 'Status' },
);
export type Status = Static<typeof Status>;

/** Totals, percentiles and rates of some calls: of all, of a model or of an app. */
const figures = {
  total_requests: count,
  completed_requests: count,
  failed_requests: count,
  timeout_requests: count,
  cancelled_requests: count,
  success_rate: nullable(rate),
  avg_response_time: seconds('mean of completed inferences; 0 when there were none'),
  p50: nullable(seconds('median duration of completed inferences')),
  p95: nullable(seconds('95th percentile')),
  p99: nullable(seconds('99th percentile')),
  time_to_first_token: nullable(seconds('mean of completed inferences')),
  ttft_p50: nullable(seconds('median')),
  ttft_p95: nullable(seconds('95th percentile')),
  tokens_per_second: nullable(Type.Number({ description: 'over the time of generation' })),
  total_tokens: Type.Integer({ minimum: 0, description: 'generated tokens' }),
  input_tokens: count,
  energy_wh: Type.Optional(
    Type.Number({
      description: 'of the calls whose energy is known, an estimate; absent: of none',
    }),
  ),
  energy_calls: Type.Optional(Type.Integer({ minimum: 1, description: 'how many those are' })),
  cost: Type.Optional(Cost),
};

/** One model of `GET /api/models`. */
export const ModelStats = Type.Object(
  {
    name: Type.String(),
    available: nullable(
      Type.Boolean({ description: 'listed by a server; null when no server has said' }),
    ),
    loaded: nullable(Type.Boolean({ description: 'held in memory by a server' })),
    active_requests: count,
    ...figures,
    last_used: nullable(Type.String({ format: 'date-time' })),
    hosts: Type.Array(
      Type.Object({
        host: Type.String(),
        loaded: Type.Boolean(),
        size_bytes: nullable(Type.Number({ description: 'on disk' })),
        family: nullable(Type.String()),
        parameter_size: nullable(Type.String()),
        quantization: nullable(Type.String()),
        memory_bytes: nullable(Type.Number({ description: 'while loaded, VRAM included' })),
        vram_bytes: nullable(Type.Number({ description: 'while loaded' })),
        expires_at: nullable(Type.String({ description: 'when the server will unload it' })),
        context_length: nullable(Type.Number()),
      }),
      { description: 'machines whose server lists or holds it now' },
    ),
  },
  { $id: 'ModelStats' },
);
export type ModelStats = Static<typeof ModelStats>;

/** One app of `GET /api/apps`. */
export const AppStats = Type.Object(
  {
    name: Type.String(),
    active_requests: count,
    ...figures,
    last_used: nullable(Type.String({ format: 'date-time' })),
    models: Type.Array(Type.String({ description: 'a model that it called; the most used first' })),
    dropped_events: Type.Integer({ minimum: 0, description: 'by the instances below' }),
    dropped_requests: count,
    instances: Type.Array(
      Type.Object({
        instance: Type.String(),
        host: nullable(Type.String()),
        online: Type.Boolean({ description: 'it was heard of lately' }),
        last_seen: Type.String({ format: 'date-time' }),
        running: count,
        queued: Type.Integer({ minimum: 0, description: 'events that wait for the bus' }),
        dropped_events: count,
        dropped_requests: count,
      }),
      { description: 'processes heard of in the last 15 minutes, the last first, at most 100' },
    ),
  },
  { $id: 'AppStats' },
);
export type AppStats = Static<typeof AppStats>;

/** Figures of `GET /api/stats`, in all or of one model or app. */
export const Figures = Type.Object(figures, { $id: 'Figures' });
export type Figures = Static<typeof Figures>;

const namedFigures = Type.Array(Type.Object({ name: Type.String(), ...figures }));

/** `GET /api/stats`. */
export const Stats = Type.Object(
  {
    range: nullable(Type.String()),
    from: nullable(Type.String({ format: 'date-time' })),
    to: Type.String({ format: 'date-time' }),
    totals: Figures,
    by_model: namedFigures,
    by_app: namedFigures,
    by_host: namedFigures,
    durations: Type.Array(
      Type.Object({
        from: seconds('above this'),
        to: seconds('up to this'),
        count: Type.Integer({ minimum: 1, description: 'completed inferences' }),
      }),
      { description: 'how long they took: buckets that hold some, each 4 % wide' },
    ),
  },
  { $id: 'Stats' },
);
export type Stats = Static<typeof Stats>;

/** One machine of `GET /api/hosts`. */
export const Host = Type.Object(
  {
    name: Type.String(),
    online: Type.Boolean({
      description:
        'its agent was heard of lately; else what changes by itself is null, and no model is listed',
    }),
    last_seen: Type.String({ format: 'date-time' }),
    cpu_percent: nullable(Type.Number()),
    cpu_count: nullable(Type.Integer()),
    memory_percent: nullable(Type.Number()),
    memory_used_bytes: nullable(Type.Number()),
    memory_total_bytes: nullable(Type.Number()),
    uptime: nullable(seconds('since the machine booted')),
    clock_skew: seconds("its clock minus the broker's"),
    server: nullable(
      Type.Object({
        provider: Type.String(),
        address: Type.String(),
        reachable: Type.Boolean({ description: 'its agent says that it answers' }),
        version: nullable(Type.String()),
        processes: nullable(
          Type.Object({
            count,
            cpu_percent: nullable(Type.Number({ description: '100 is one core' })),
            memory_bytes: nullable(Type.Number()),
          }),
        ),
      }),
    ),
    gpus: nullable(
      Type.Array(
        Type.Object({
          name: Type.String(),
          load_percent: nullable(Type.Number()),
          vram_used_bytes: nullable(Type.Number()),
          vram_total_bytes: nullable(Type.Number()),
          power_watts: nullable(Type.Number()),
          temperature_celsius: nullable(Type.Number()),
        }),
        { description: 'empty: the agent looked and there is none; null: it cannot tell' },
      ),
    ),
    unseen_activity: nullable(
      Type.Object(
        {
          since: Type.String({ format: 'date-time' }),
          model: nullable(Type.String()),
          evidence: Type.Enum(['cpu', 'gpu', 'expiry']),
        },
        { description: 'somebody calls the server past the monitor' },
      ),
    ),
    models_available: Type.Array(Type.String()),
    models_loaded: Type.Array(
      Type.Object({
        name: Type.String(),
        size_bytes: nullable(Type.Number()),
        vram_bytes: nullable(Type.Number()),
        expires_at: nullable(Type.String()),
        context_length: nullable(Type.Number()),
      }),
    ),
  },
  { $id: 'Host' },
);
export type Host = Static<typeof Host>;

/** RFC 9457 `application/problem+json`. `detail` says what to do. */
export const Problem = Type.Object(
  {
    type: Type.String(),
    title: Type.String(),
    status: Type.Integer(),
    detail: Type.String(),
    details: Type.Optional(
      Type.Record(Type.String(), Type.String(), {
        description: '`detail` in other languages, by language, where it is known in them: `it`',
      }),
    ),
  },
  { $id: 'Problem' },
);
export type Problem = Static<typeof Problem>;
