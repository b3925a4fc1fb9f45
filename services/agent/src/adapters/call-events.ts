import type { Msg, NatsConnection } from '@nats-io/transport-node';

import {
  eventIdOf,
  parseBeat,
  parseBegunCall,
  parseEndedCall,
  parseFirstToken,
  type BegunCall,
} from '../core/parse-call-event.ts';

const STARTED = 'llm.request.started.>';
const FIRST_TOKEN = 'llm.request.first-token.>';
const ENDED = ['llm.request.completed.>', 'llm.request.failed.>', 'llm.request.cancelled.>'];
const BEATS = 'llm.app.heartbeat.>';
const ID_HEADER = 'Nats-Msg-Id';

/** Hears on core NATS, as they happen, which calls begin and end anywhere. */
export function followCallEvents(
  bus: NatsConnection,
  hear: {
    begun(call: BegunCall): void;
    generating(call: { app: string; requestId: string }): void;
    ended(call: { app: string; requestId: string; early: boolean }): void;
    beat(beat: { app: string; instance: string; ids: string[]; all: boolean }): void;
  },
): { stop(): void } {
  const onStarted = (message: Msg) => {
    const call = parseBegunCall(message.subject, message.string());
    if (call) hear.begun(call);
  };
  const idOf = (message: Msg) => message.headers?.get(ID_HEADER) || eventIdOf(message.string());
  const onFirstToken = (message: Msg) => {
    const call = parseFirstToken(message.subject, idOf(message));
    if (call) hear.generating(call);
  };
  const onEnded = (message: Msg) => {
    const call = parseEndedCall(message.subject, idOf(message));
    if (call) hear.ended(call);
  };
  const onBeat = (message: Msg) => {
    const beat = parseBeat(message.subject, message.string());
    if (beat) hear.beat(beat);
  };
  const subscribe = (subject: string, take: (message: Msg) => void) =>
    bus.subscribe(subject, {
      callback: (error, message) => {
        if (!error) take(message);
      },
    });
  const subscriptions = [
    subscribe(STARTED, onStarted),
    subscribe(FIRST_TOKEN, onFirstToken),
    ...ENDED.map((subject) => subscribe(subject, onEnded)),
    subscribe(BEATS, onBeat),
  ];
  return {
    stop() {
      for (const subscription of subscriptions) subscription.unsubscribe();
    },
  };
}
