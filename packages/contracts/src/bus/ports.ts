/** Default ports. All listen on 127.0.0.1 unless told otherwise. */
export const PORTS = {
  web: 8080,
  api: 8081,
  collector: 8082,
  agent: 8083,
  alerts: 8084,
  connectors: 8085,
  agentProxy: 11435,
  nats: 4222,
  ollama: 11434,
} as const;
