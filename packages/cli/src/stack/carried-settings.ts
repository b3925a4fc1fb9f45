/** Settings that a stack started by hand would have from its shell. Passwords are among them. */
const CARRIED = new RegExp(
  `^(${[
    ...['LLM_MONITOR', 'NATS', 'REDIS', 'TLS', 'API', 'PROXY', 'OTEL_EXPORTER_OTLP', 'FREQTRADE'],
    ...['ALERT', 'VERDICT', 'METRICS', 'SMTP', 'MAX', 'RETENTION', 'LEASE', 'DEFAULT_LEASE', 'ACK'],
    ...['BATCH', 'FEED', 'REPLAY', 'SAMPLE', 'IDLE_SAMPLE', 'MODELS', 'PRUNE', 'SWEEP', 'STALL'],
  ].join('|')})_|^(${[
    ...['PATH', 'PORT', 'HOST', 'PROXIES', 'ALLOWED_HOSTS', 'WEB_ADDRESSES', 'DASHBOARD_URL'],
    ...['TRUST_PROXY', 'BASE_PATH', 'OLLAMA_URL', 'OLLAMA_HOST', 'LOG_LEVEL', 'RATE_LIMIT'],
    ...['SESSION_HOURS', 'CANCEL', 'POWER_WATTS', 'NODE_EXTRA_CA_CERTS', 'LANG', 'TZ'],
  ].join('|')})(_FILE)?$`,
);

/** Those of an environment that the stack reads, in a certain order. */
export function carriedSettings(env: Record<string, string | undefined>): Record<string, string> {
  const found = Object.entries(env).filter(
    (entry): entry is [string, string] => CARRIED.test(entry[0]) && Boolean(entry[1]),
  );
  return Object.fromEntries(found.toSorted(([a], [b]) => (a < b ? -1 : 1)));
}
