import { Type, type Static, type TSchema } from '../typebox/index.ts';

import { REQUEST_ID_PATTERN } from './request.ts';

const nullable = <T extends TSchema>(schema: T) => Type.Union([schema, Type.Null()]);
const bytes = Type.Number({ minimum: 0 });
const percent = Type.Number({ minimum: 0 });
const name = Type.String({ minLength: 1, maxLength: 256 });

/** What the processes of an inference server take at the moment. */
export const ServerProcesses = Type.Object({
  count: Type.Integer({ minimum: 1 }),
  /** 100 is one core, kept busy since the last sample. */
  cpuPercent: nullable(percent),
  memoryBytes: nullable(bytes),
});
export type ServerProcesses = Static<typeof ServerProcesses>;

/**
 * What the inference server's processes took while one call ran, up to this sample. Absolute: a later sample replaces an earlier one.
 * With several calls at once it is the same figure for each: a process does not say for whom it works.
 */
export const RequestResources = Type.Object({
  app: name,
  requestId: Type.String({ pattern: REQUEST_ID_PATTERN }),
  /** Mean over the samples; 100 is one core. */
  cpuPercent: nullable(percent),
  /** Highest of the samples. */
  memoryBytes: nullable(bytes),
  samples: Type.Integer({ minimum: 1, maximum: 1e9 }),
  /** Joules: its share, by time, of what the machine's GPUs drew, or of a configured wattage. Absent where that is not known. */
  energyJoules: Type.Optional(Type.Number({ minimum: 0, maximum: 1e12 })),
});
export type RequestResources = Static<typeof RequestResources>;

/** Somebody calls a server past the monitor: it works, and no call that the monitor knows runs. */
export const UnseenActivity = Type.Object({
  /** RFC 3339, when it began. */
  since: Type.String({ maxLength: 40 }),
  /** The model in use, where only one can be; null when it cannot be told. */
  model: nullable(name),
  /** What gave it away. */
  evidence: Type.Enum(['cpu', 'gpu', 'expiry']),
});
export type UnseenActivity = Static<typeof UnseenActivity>;

/** `data` of `llm.host.unseen-activity.v1`: once at its beginning, once at its end. */
export const UnseenActivityData = Type.Object({
  host: name,
  serverAddress: Type.String({ maxLength: 256 }),
  ...UnseenActivity.properties,
  /** RFC 3339; absent while it lasts. */
  until: Type.Optional(Type.String({ maxLength: 40 })),
});
export type UnseenActivityData = Static<typeof UnseenActivityData>;

/** `data` of `llm.host.sampled.v1`. What is not known is null. */
export const HostSampledData = Type.Object({
  host: name,
  /** 0–100 over all cores, since the last sample. */
  cpuPercent: nullable(percent),
  cpuCount: nullable(Type.Integer({ minimum: 1 })),
  memoryUsedBytes: nullable(bytes),
  memoryTotalBytes: nullable(bytes),
  uptimeSeconds: nullable(Type.Number({ minimum: 0 })),
  platform: Type.Optional(Type.String({ maxLength: 128 })),
  /** Empty when the agent looked and there is none; absent when it cannot tell. */
  gpus: Type.Optional(
    Type.Array(
      Type.Object({
        name: Type.String({ maxLength: 256 }),
        loadPercent: nullable(percent),
        vramUsedBytes: nullable(bytes),
        vramTotalBytes: nullable(bytes),
        powerWatts: nullable(Type.Number()),
        temperatureCelsius: nullable(Type.Number()),
      }),
      { maxItems: 64 },
    ),
  ),
  /** The inference server beside the agent; null when none was found. */
  server: nullable(
    Type.Object({
      provider: name,
      address: Type.String({ maxLength: 256 }),
      reachable: Type.Boolean(),
      version: nullable(Type.String({ maxLength: 64 })),
      /** Absent when they run elsewhere, or cannot be found. */
      processes: Type.Optional(ServerProcesses),
    }),
  ),
  /** Null when there is none; absent when it cannot be told. */
  unseenActivity: Type.Optional(nullable(UnseenActivity)),
  /** Calls that ran on this host's server since the last sample. */
  requests: Type.Optional(Type.Array(RequestResources, { maxItems: 256 })),
});
export type HostSampledData = Static<typeof HostSampledData>;

/** A model that a server lists as available. */
export const ListedModel = Type.Object({
  name,
  sizeBytes: nullable(bytes),
  family: nullable(Type.String({ maxLength: 128 })),
  parameterSize: nullable(Type.String({ maxLength: 64 })),
  quantization: nullable(Type.String({ maxLength: 64 })),
});
export type ListedModel = Static<typeof ListedModel>;

/** A model that a server holds in memory. */
export const LoadedModel = Type.Object({
  name,
  sizeBytes: nullable(bytes),
  vramBytes: nullable(bytes),
  /** RFC 3339, when the server will unload it. */
  expiresAt: nullable(Type.String({ maxLength: 64 })),
  contextLength: nullable(Type.Number({ minimum: 0 })),
});
export type LoadedModel = Static<typeof LoadedModel>;

/** `data` of `llm.models.listed.v1`: the whole state of one server, so that a lost event heals with the next. */
export const ModelsListedData = Type.Object({
  host: name,
  provider: name,
  serverAddress: Type.String({ maxLength: 256 }),
  models: Type.Array(ListedModel, { maxItems: 1000 }),
  loaded: Type.Array(LoadedModel, { maxItems: 100 }),
});
export type ModelsListedData = Static<typeof ModelsListedData>;

/** `data` of `llm.models.loaded.v1` and `llm.models.unloaded.v1`: seen by comparing two samples. */
export const ModelLoadData = Type.Object({
  host: name,
  provider: name,
  model: LoadedModel,
});
export type ModelLoadData = Static<typeof ModelLoadData>;
