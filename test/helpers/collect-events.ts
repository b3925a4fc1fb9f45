import { STREAM_DEFINITIONS, STREAMS } from '@llm-monitor/contracts/bus';
import type {
  CloudEvent,
  HeartbeatData,
  ProgressData,
  RequestEndedData,
  RequestFirstTokenData,
  RequestStartedData,
} from '@llm-monitor/contracts/events';
import { ensureStream } from '@llm-monitor/runtime';
import { jetstreamManager } from '@nats-io/jetstream';
import { connect, type MsgHdrs } from '@nats-io/transport-node';

import { waitFor } from './wait-for.ts';

/** One event that somebody published. */
export interface Collected<Data = Record<string, unknown>> {
  subject: string;
  headers: MsgHdrs | undefined;
  event: CloudEvent<Data>;
}

/** The events of one call, each as often as it was published. */
export interface CollectedCall {
  requestId: string;
  started: Collected<RequestStartedData>[];
  firstToken: Collected<RequestFirstTokenData>[];
  ended: Collected<RequestEndedData>[];
}

/** Subscribes to the whole bus and creates the streams, so that publishers are acknowledged. */
export async function collectEvents(natsUrl: string) {
  const nats = await connect({
    servers: natsUrl,
    maxReconnectAttempts: -1,
    reconnectTimeWait: 100,
  });
  const manager = await jetstreamManager(nats);
  for (const definition of STREAM_DEFINITIONS) await ensureStream(manager, definition, 1);
  const all: Collected[] = [];
  nats.subscribe('llm.>', {
    callback: (error, message) => {
      // A command is no event, and may be anything.
      if (error || message.subject.startsWith('llm.control.')) return;
      all.push({
        subject: message.subject,
        headers: message.headers,
        event: message.json<Collected['event']>(),
      });
    },
  });
  await nats.flush();
  const of = <Data>(start: string, app: string) =>
    all.filter(
      ({ subject, event }) => subject.startsWith(start) && event.data['app'] === app,
    ) as Collected<Data>[];
  const calls = (app: string): CollectedCall[] => {
    const byId = new Map<string, CollectedCall>();
    for (const one of of<RequestStartedData>('llm.request.', app)) {
      const { requestId } = one.event.data;
      const call = byId.get(requestId) ?? { requestId, started: [], firstToken: [], ended: [] };
      byId.set(requestId, call);
      const list = one.subject.startsWith('llm.request.started.')
        ? call.started
        : one.subject.startsWith('llm.request.first-token.')
          ? call.firstToken
          : call.ended;
      (list as Collected<unknown>[]).push(one);
    }
    return [...byId.values()];
  };
  /** The request events of an app that the stream has kept: also what was published while nobody listened here. */
  const stored = (app: string): Promise<Collected['event'][]> =>
    waitFor('the stream to be read', async () => {
      const { first_seq, last_seq } = (await manager.streams.info(STREAMS.requests)).state;
      const events: Collected['event'][] = [];
      for (let seq = Math.max(1, first_seq); seq <= last_seq; seq += 1) {
        const message = await manager.streams.getMessage(STREAMS.requests, { seq });
        const event = message?.json<Collected['event']>();
        if (event?.data['app'] === app) events.push(event);
      }
      return events;
    });
  return {
    all,
    calls,
    heartbeats: (app: string) => of<HeartbeatData>('llm.app.heartbeat.', app),
    progress: (app: string) => of<ProgressData>('llm.progress.', app),
    /** Waits until so many calls of an app have ended, and gives them in order of their start. */
    endedCalls: (app: string, count = 1) =>
      waitFor(`${count} ended calls of ${app}`, () => {
        const ended = calls(app).filter((call) => call.ended.length > 0);
        return ended.length >= count && ended;
      }),
    /** The ids of an app's request events that the stream has kept, each as often as it is there. */
    storedIds: async (app: string) => (await stored(app)).map(({ id }) => id),
    stored,
    /** Resolves when everything that the bus has acknowledged until now has arrived here. */
    sync: () => nats.flush(),
    stop: () => nats.close(),
  };
}

export type EventCollector = Awaited<ReturnType<typeof collectEvents>>;
