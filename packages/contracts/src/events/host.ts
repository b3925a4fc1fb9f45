import { Type, type Static, type TSchema } from 'typebox';

const nullable = <T extends TSchema>(schema: T) => Type.Union([schema, Type.Null()]);
const bytes = Type.Number({ minimum: 0 });
const percent = Type.Number({ minimum: 0 });
const name = Type.String({ minLength: 1, maxLength: 256 });

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
    }),
  ),
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
