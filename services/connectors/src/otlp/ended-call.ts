import { parseRequestSubject } from '@llm-monitor/contracts/bus';
import {
  Envelope,
  OUTCOMES_BY_KIND,
  RequestEndedData,
  type Outcome,
} from '@llm-monitor/contracts/events';
import { Type } from '@llm-monitor/contracts/typebox';
import { Compile } from '@llm-monitor/contracts/typebox/compile';

/** A call that ended, and when, on the clock of the machine that made it. */
export interface EndedCall {
  /** As its subject names it, which NATS guards. */
  app: string;
  startedAtMs: number;
  endedAtMs: number;
  data: RequestEndedData;
}

const ended = Compile(Type.Interface([Envelope], { data: RequestEndedData }));

/** Reads the event of an end; undefined for what is none, or is not as it should be: the collectors tell people of that. */
export function readEndedCall(subject: string, body: Uint8Array): EndedCall | undefined {
  const parsed = parseRequestSubject(subject);
  if (!parsed || !(parsed.kind in OUTCOMES_BY_KIND)) return undefined;
  const event = readJson(body);
  if (!ended.Check(event)) return undefined;
  const { data, time } = event;
  const outcomes: readonly Outcome[] =
    OUTCOMES_BY_KIND[parsed.kind as keyof typeof OUTCOMES_BY_KIND];
  const saidMs = Date.parse(time);
  if (!outcomes.includes(data.outcome) || Number.isNaN(saidMs)) return undefined;
  const givenMs = Date.parse(data.startedAt ?? '');
  const startedAtMs = Number.isNaN(givenMs) ? saidMs - data.durationMs : givenMs;
  return { app: parsed.app, startedAtMs, endedAtMs: startedAtMs + data.durationMs, data };
}

function readJson(body: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(body).toString('utf8'));
  } catch {
    return undefined;
  }
}
