import { hostname } from 'node:os';

import { PORTS } from '@llm-monitor/contracts/bus';
import {
  busConfig,
  busTls,
  ConfigError,
  Port,
  readConfig,
  type TlsSettings,
} from '@llm-monitor/runtime';
import { Type } from '@llm-monitor/contracts/typebox';

import { parseOllamaAddress } from './core/ollama-address.ts';
import { readCallerMap } from './proxy/caller-map.ts';
import { readProxyRoutes } from './proxy/listen-address.ts';
import type { ProxyConfig } from './proxy/start-proxies.ts';

const interval = (byDefault: number) =>
  Type.Integer({ minimum: 50, maximum: 3_600_000, default: byDefault });

const schema = Type.Object({
  ...busConfig,
  PORT: Port(PORTS.agent),
  LLM_MONITOR_HOST_NAME: Type.String({ default: '', maxLength: 256 }),
  OLLAMA_URL: Type.String({ default: '' }),
  OLLAMA_HOST: Type.String({ default: '' }),
  PROXY_LISTEN: Type.String({ default: `127.0.0.1:${PORTS.agentProxy}` }),
  PROXIES: Type.String({ default: '' }),
  PROXY_CALLERS: Type.String({ default: '' }),
  SAMPLE_INTERVAL_MS: interval(2000),
  IDLE_SAMPLE_INTERVAL_MS: interval(10_000),
  // Listing reads the server's disk; which models are loaded is asked at every sample.
  MODELS_INTERVAL_MS: interval(10_000),
  /** What the machine draws while a model works, where no GPU says; 0: not known. */
  POWER_WATTS: Type.Number({ minimum: 0, maximum: 100_000, default: 0 }),
});

/** What the agent needs to know. */
export interface AgentConfig {
  natsUrl: string;
  natsTls: TlsSettings | undefined;
  host: string;
  port: number;
  listen: { HOST: string; LLM_MONITOR_TOKEN: string; LLM_MONITOR_IN_CONTAINER: boolean };
  ollamaUrl: string;
  proxy: ProxyConfig;
  /** While somebody looks or calls run. */
  sampleIntervalMs: number;
  idleSampleIntervalMs: number;
  modelsIntervalMs: number;
  powerWatts: number | null;
}

/** @throws {ConfigError} */
export function readAgentConfig(env: Record<string, string | undefined>): AgentConfig {
  const config = readConfig(schema, env);
  const ollamaUrl = parseOllamaAddress(config.OLLAMA_URL || config.OLLAMA_HOST);
  if (!ollamaUrl) {
    const name = config.OLLAMA_URL ? 'OLLAMA_URL' : 'OLLAMA_HOST';
    throw new ConfigError(
      `${name} must be an address such as http://127.0.0.1:11434 (it is "${config.OLLAMA_URL || config.OLLAMA_HOST}")`,
    );
  }
  return {
    natsUrl: config.NATS_URL,
    natsTls: busTls(config),
    host: config.LLM_MONITOR_HOST_NAME || hostname(),
    port: config.PORT,
    listen: config,
    ollamaUrl,
    proxy: {
      routes: readProxyRoutes({ listen: config.PROXY_LISTEN, proxies: config.PROXIES, ollamaUrl }),
      callers: readCallerMap(config.PROXY_CALLERS),
      safety: config,
    },
    sampleIntervalMs: config.SAMPLE_INTERVAL_MS,
    idleSampleIntervalMs: config.IDLE_SAMPLE_INTERVAL_MS,
    modelsIntervalMs: config.MODELS_INTERVAL_MS,
    powerWatts: config.POWER_WATTS || null,
  };
}
