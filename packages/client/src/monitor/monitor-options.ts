import { HEARTBEAT_INTERVAL_MS } from '@llm-monitor/contracts/wire';

import type { Capture, Redact } from '../call/captured-text.ts';
import { credentialsFrom, type BusCredentials } from '../publish/bus-credentials.ts';

/** How a monitor works. Every field has a default; most have an environment variable. */
export interface MonitorOptions {
  /** `nats://[user:password@]host:port[,host:port]`. LLM_MONITOR_NATS_URL, else `nats://127.0.0.1:4222`. */
  natsUrl?: string;
  /** How to be let in there, and TLS. LLM_MONITOR_NATS_USER, _PASSWORD, _TOKEN, _NKEY, _CREDS, _CA, _CERT, _KEY. */
  nats?: BusCredentials;
  /** Name of this program. LLM_MONITOR_APP, else the name in its package.json, else its script's. */
  app?: string;
  /** Publish nothing and change nothing. LLM_MONITOR_DISABLED=1. */
  disabled?: boolean;
  /** What of prompts and responses is published. LLM_MONITOR_CAPTURE, else `preview`: 200 characters. */
  capture?: Capture;
  /** Changes a text before it is published. When it throws, nothing of that text is. */
  redact?: Redact;
  /** Say on stderr why the bus is not reached; else nothing is ever said. LLM_MONITOR_DEBUG=1. */
  debug?: boolean;
  /** Marks every call as demo traffic, which stays out of totals. */
  demo?: boolean;
  /** Labels for every call. */
  tags?: readonly string[];
  /** Whether a call may be aborted from the dashboard or the API. LLM_MONITOR_CANCEL=off switches it off. */
  cancel?: boolean;
  /**
   * Whether calls to machines on private networks carry `x-llm-monitor-request-id` and `x-llm-monitor-app`, so that an agent's proxy
   * on their way knows them. Never added for public hosts, nor for a `fetch` of the app's own. LLM_MONITOR_PROPAGATE=off.
   */
  propagate?: boolean;
  /** Milliseconds between heartbeats. LLM_MONITOR_HEARTBEAT_MS, else 10,000. */
  heartbeatIntervalMs?: number;
  /** After so long a stream that nobody began to read counts as abandoned. Default 60,000. */
  abandonAfterMs?: number;
  /** Longest wait for the bus when the process ends, in milliseconds. Default 1,000. */
  flushTimeoutMs?: number;
  /** Most events kept while the bus is away. Default 10,000. */
  maxBufferedEvents?: number;
}

/** Options with all their defaults. */
export type MonitorSettings = Omit<Required<MonitorOptions>, 'redact'> & {
  redact: Redact | undefined;
  host: string;
  instance: string;
};

/** Fills in what was not given. `found` is what the machine says: only asked where needed. */
export function resolveSettings(
  options: MonitorOptions,
  env: Record<string, string | undefined>,
  found: { app: () => string; host: string; instance: string },
): MonitorSettings {
  const text = (name: string) => env[name]?.trim() || undefined;
  return {
    natsUrl: options.natsUrl ?? text('LLM_MONITOR_NATS_URL') ?? 'nats://127.0.0.1:4222',
    app: (options.app || text('LLM_MONITOR_APP') || found.app()).slice(0, 128),
    disabled: options.disabled ?? isOn(text('LLM_MONITOR_DISABLED')),
    capture: options.capture ?? captureOf(text('LLM_MONITOR_CAPTURE')),
    redact: options.redact,
    debug: options.debug ?? isOn(text('LLM_MONITOR_DEBUG')),
    demo: options.demo ?? false,
    tags: options.tags ?? [],
    nats: options.nats ?? credentialsFrom(text),
    cancel: options.cancel ?? !isOff(text('LLM_MONITOR_CANCEL')),
    propagate: options.propagate ?? !isOff(text('LLM_MONITOR_PROPAGATE')),
    heartbeatIntervalMs:
      options.heartbeatIntervalMs ??
      (Number(text('LLM_MONITOR_HEARTBEAT_MS')) || HEARTBEAT_INTERVAL_MS),
    abandonAfterMs: options.abandonAfterMs ?? 60_000,
    flushTimeoutMs: options.flushTimeoutMs ?? 1000,
    maxBufferedEvents: options.maxBufferedEvents ?? 10_000,
    host: found.host,
    instance: found.instance,
  };
}

/** `1`, `true`, `yes` or `on`. */
function isOn(value: string | undefined): boolean {
  return value !== undefined && /^(1|true|yes|on)$/i.test(value);
}

/** `0`, `false`, `no` or `off`. */
function isOff(value: string | undefined): boolean {
  return value !== undefined && /^(0|false|no|off)$/i.test(value);
}

/** An unknown word publishes less rather than more. */
function captureOf(value: string | undefined): Capture {
  if (value === undefined || value === 'preview' || value === 'full') return value ?? 'preview';
  return 'off';
}
