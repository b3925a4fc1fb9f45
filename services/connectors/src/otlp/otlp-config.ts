import { ConfigError, readPem, readSetting, version } from '@llm-monitor/runtime';
import { Type, type Static } from '@llm-monitor/contracts/typebox';
import { Value } from '@llm-monitor/contracts/typebox/value';

type Environment = Readonly<Record<string, string | undefined>>;

/** What goes out, and to where. */
export interface OtlpSettings {
  /** Undefined: not wanted. */
  tracesUrl: string | undefined;
  metricsUrl: string | undefined;
  protocol: 'http/protobuf' | 'http/json';
  headers: Readonly<Record<string, string>>;
  timeoutMs: number;
  isCompressed: boolean;
  tls: { ca?: string; cert?: string; key?: string };
  /** One name for all apps; undefined: each app has its own. */
  serviceName: string | undefined;
  resourceAttributes: Readonly<Record<string, string>>;
  temporality: 'cumulative' | 'delta';
  metricsIntervalMs: number;
  /** Are prompts and responses sent too? */
  hasMessages: boolean;
  /** Are demo and self-test calls? */
  hasDemo: boolean;
  /** The broker delivers again what was not acknowledged for so long. */
  ackWaitMs: number;
}

const PREFIX = 'OTEL_EXPORTER_OTLP';
const flag = Type.Boolean({ default: false });

/** Names of the OpenTelemetry specification, and what they take here. */
const Settings = Type.Object({
  [`${PREFIX}_PROTOCOL`]: Type.Enum(['http/protobuf', 'http/json'], { default: 'http/protobuf' }),
  [`${PREFIX}_TIMEOUT`]: Type.Integer({ minimum: 100, maximum: 600_000, default: 10_000 }),
  [`${PREFIX}_COMPRESSION`]: Type.Enum(['none', 'gzip'], { default: 'none' }),
  [`${PREFIX}_METRICS_TEMPORALITY_PREFERENCE`]: Type.Enum(['cumulative', 'delta'], {
    default: 'cumulative',
  }),
  OTEL_METRIC_EXPORT_INTERVAL: Type.Integer({ minimum: 1000, maximum: 3_600_000, default: 60_000 }),
  OTEL_TRACES_EXPORTER: Type.Enum(['otlp', 'none'], { default: 'otlp' }),
  OTEL_METRICS_EXPORTER: Type.Enum(['otlp', 'none'], { default: 'otlp' }),
  OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT: flag,
  OTEL_SDK_DISABLED: flag,
  OTLP_DEMO: flag,
  ACK_WAIT_MS: Type.Integer({ minimum: 1000, maximum: 600_000, default: 30_000 }),
});

/**
 * Reads the standard environment of OpenTelemetry; undefined when it names no collector.
 * @throws {ConfigError} that names the variable and what it takes, and shows no header
 */
export function readOtlpSettings(env: Environment): OtlpSettings | undefined {
  const endpoint = readSetting(env, `${PREFIX}_ENDPOINT`);
  const isNamed = endpoint ?? readSetting(env, `${PREFIX}_TRACES_ENDPOINT`);
  if (isNamed === undefined && readSetting(env, `${PREFIX}_METRICS_ENDPOINT`) === undefined) {
    return undefined;
  }
  const given = readGiven(env);
  if (given['OTEL_SDK_DISABLED']) return undefined;
  const urlOf = (signal: 'TRACES' | 'METRICS') =>
    given[`OTEL_${signal}_EXPORTER`] === 'none' ? undefined : signalUrl(env, signal, endpoint);
  const attributes = readPairs(env, 'OTEL_RESOURCE_ATTRIBUTES');
  const { 'service.name': named, ...resourceAttributes } = attributes;
  return {
    ...{ tracesUrl: urlOf('TRACES'), metricsUrl: urlOf('METRICS') },
    protocol: given[`${PREFIX}_PROTOCOL`] as OtlpSettings['protocol'],
    headers: {
      'user-agent': `llm-monitor/${version()}`,
      ...readPairs(env, `${PREFIX}_HEADERS`),
    },
    timeoutMs: given[`${PREFIX}_TIMEOUT`] as number,
    isCompressed: given[`${PREFIX}_COMPRESSION`] === 'gzip',
    tls: readTls(env),
    serviceName: readSetting(env, 'OTEL_SERVICE_NAME') ?? named,
    resourceAttributes,
    temporality: given[`${PREFIX}_METRICS_TEMPORALITY_PREFERENCE`] as OtlpSettings['temporality'],
    metricsIntervalMs: given['OTEL_METRIC_EXPORT_INTERVAL'] as number,
    hasMessages: given['OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT'] === true,
    hasDemo: given['OTLP_DEMO'] === true,
    ackWaitMs: given['ACK_WAIT_MS'] as number,
  };
}

function readGiven(env: Environment): Record<string, unknown> {
  const given: Record<string, unknown> = {};
  for (const name of Object.keys(Settings.properties)) {
    const text = readSetting(env, name)?.toLowerCase();
    if (text !== undefined) given[name] = text;
  }
  const settings = Value.Convert(Settings, Value.Default(Settings, { ...given }));
  if (Value.Check(Settings, settings)) return settings as Static<typeof Settings>;
  const problems = Value.Errors(Settings, settings).map(({ instancePath, message, params }) => {
    const name = instancePath.slice(1);
    const { allowedValues } = params as { allowedValues?: unknown[] };
    const allowed = allowedValues ? `: ${allowedValues.join(' or ')}` : '';
    const isGrpc = name.endsWith('_PROTOCOL') ? '; gRPC is not spoken' : '';
    return `${name} ${message}${allowed}${isGrpc} (it is "${String(given[name])}")`;
  });
  throw new ConfigError(`The settings of OpenTelemetry are wrong:\n  ${problems.join('\n  ')}`);
}

function signalUrl(
  env: Environment,
  signal: 'TRACES' | 'METRICS',
  endpoint: string | undefined,
): string | undefined {
  const own = `${PREFIX}_${signal}_ENDPOINT`;
  const text = readSetting(env, own);
  // The one of the signal is taken as it is, the common one is a base.
  if (text !== undefined) return toUrl(own, text).href;
  if (endpoint === undefined) return undefined;
  const url = toUrl(`${PREFIX}_ENDPOINT`, endpoint);
  url.pathname = `${url.pathname.replace(/\/+$/, '')}/v1/${signal.toLowerCase()}`;
  return url.href;
}

function toUrl(name: string, text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url && /^https?:$/.test(url.protocol)) return url;
  throw new ConfigError(
    `${name} must begin with http:// or https://, for example http://127.0.0.1:4318.`,
  );
}

/** `key=value,key2=value2`, percent-encoded. */
function readPairs(env: Environment, name: string): Record<string, string> {
  const text = readSetting(env, name);
  const pairs = (text ?? '').split(',').filter((part) => part.trim() !== '');
  return Object.fromEntries(
    pairs.map((pair, index) => {
      const equals = pair.indexOf('=');
      const key = pair.slice(0, equals).trim();
      if (equals < 1 || !/^[\w.\-/]+$/.test(key)) {
        throw new ConfigError(
          `${name} must be name=value pairs with commas between them, percent-encoded; pair ${index + 1} is not.`,
        );
      }
      return [key, decode(pair.slice(equals + 1).trim())];
    }),
  );
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function readTls(env: Environment): OtlpSettings['tls'] {
  const pem = (name: string) => {
    const value = readSetting(env, name);
    return value === undefined ? undefined : readPem(name, value);
  };
  const ca = pem(`${PREFIX}_CERTIFICATE`);
  const cert = pem(`${PREFIX}_CLIENT_CERTIFICATE`);
  const key = pem(`${PREFIX}_CLIENT_KEY`);
  if ((cert === undefined) !== (key === undefined)) {
    throw new ConfigError(
      `${PREFIX}_CLIENT_CERTIFICATE and ${PREFIX}_CLIENT_KEY belong together. Give both, or neither.`,
    );
  }
  return {
    ...(ca === undefined ? {} : { ca }),
    ...(cert === undefined || key === undefined ? {} : { cert, key }),
  };
}
