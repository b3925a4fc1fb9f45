import {
  BotSampledData,
  BotTradeData,
  Envelope,
  HeartbeatData,
  HostSampledData,
  ModelsListedData,
  ProgressData,
} from '@llm-monitor/contracts/events';
import { Type } from '@llm-monitor/contracts/typebox';
import { Compile } from '@llm-monitor/contracts/typebox/compile';

/** What a telemetry message says, the app and instance as its subject names them. */
export type Telemetry =
  | { kind: 'heartbeat'; app: string; instance: string; data: HeartbeatData }
  | { kind: 'host'; data: HostSampledData }
  | { kind: 'models'; data: ModelsListedData }
  | { kind: 'bot'; data: BotSampledData }
  | { kind: 'bot-trade'; id: string; data: BotTradeData };

const heartbeat = Compile(Type.Interface([Envelope], { data: HeartbeatData }));
const host = Compile(Type.Interface([Envelope], { data: HostSampledData }));
const models = Compile(Type.Interface([Envelope], { data: ModelsListedData }));
const bot = Compile(Type.Interface([Envelope], { data: BotSampledData }));
const botTrade = Compile(Type.Interface([Envelope], { data: BotTradeData }));
const progress = Compile(Type.Interface([Envelope], { data: ProgressData }));

/** Reads one message of the telemetry stream; undefined when it is of no use here. */
export function parseTelemetry(subject: string, body: Uint8Array): Telemetry | undefined {
  const tokens = subject.split('.');
  const json = readJson(body);
  const [, topic, kind] = tokens;
  if (topic === 'app' && kind === 'heartbeat' && heartbeat.Check(json)) {
    const [, , , app, instance] = tokens;
    if (app && instance) return { kind: 'heartbeat', app, instance, data: json.data };
  }
  if (topic === 'host' && kind === 'sampled' && host.Check(json)) {
    return { kind: 'host', data: json.data };
  }
  if (topic === 'models' && kind === 'listed' && models.Check(json)) {
    return { kind: 'models', data: json.data };
  }
  if (topic === 'bot') return parseBot(kind, json);
  return undefined;
}

function parseBot(kind: string | undefined, json: unknown): Telemetry | undefined {
  if (kind === 'sampled' && bot.Check(json)) return { kind: 'bot', data: json.data };
  if (kind === 'trade' && botTrade.Check(json)) {
    return { kind: 'bot-trade', id: json.id, data: json.data };
  }
  return undefined;
}

/** Reads one `llm.progress.<app>.<model>` message; the app is the subject's. */
export function parseProgress(
  subject: string,
  body: Uint8Array,
): { app: string; data: ProgressData } | undefined {
  const app = subject.split('.')[2];
  const json = readJson(body);
  return app && progress.Check(json) ? { app, data: json.data } : undefined;
}

function readJson(body: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(body).toString('utf8'));
  } catch {
    return undefined;
  }
}
