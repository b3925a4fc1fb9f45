/** All environment variables that begin with `LLM_MONITOR_`; each may stand in a file by `…_FILE`. A test holds the list against the sources. */
export const KNOWN_SETTINGS: ReadonlySet<string> = new Set(
  [
    ...[
      'APP',
      'CANCEL',
      'CAPTURE',
      'DEBUG',
      'DISABLED',
      'HEARTBEAT_MS',
      'HOSTS',
      'PATHS',
      'PROPAGATE',
    ],
    ...['URL', 'TOKEN', 'VIEWER_TOKEN', 'HOME', 'HOST_NAME', 'IN_CONTAINER'],
    ...['NATS_URL', 'NATS_USER', 'NATS_PASSWORD', 'NATS_TOKEN', 'NATS_NKEY', 'NATS_CREDS'],
    ...['NATS_CA', 'NATS_CERT', 'NATS_KEY'],
    // Of channels that tell of alerts.
    ...['CHANNEL', 'CHANNEL_PASSWORD'],
    // Of compose and of examples.
    ...['PORT', 'IMAGE', 'PROXY_URL', 'CHECK_REPORT'],
  ].map((name) => `LLM_MONITOR_${name}`),
);
