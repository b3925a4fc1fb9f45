/** What chooses the servers and the proxies of a stack: the command itself reads it. */
export const SETTINGS = [
  'NATS_URL',
  'NATS_PORT',
  'NATS_SERVER',
  'NATS_HOST',
  'NATS_ADVERTISE',
  'NATS_TLS',
  'NATS_AUTH',
  'REDIS_URL',
  'REDIS_SERVER',
  'REDIS_MAXMEMORY',
  'OLLAMA_URL',
  'PROXY_LISTEN',
  'PROXIES',
  'PROXY_CALLERS',
] as const;
