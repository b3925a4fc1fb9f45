import { EVENT_SUBJECTS } from './event-subjects.ts';
import { CONNECTOR_CONSUMER, CONSUMERS, STREAMS } from './streams.ts';
import {
  ALERT_PREVIEW_SUBJECT,
  ALERT_TEST_SUBJECT,
  ALL_PROGRESS,
  DELETE_SUBJECT,
  DEMO_APP_NAMES,
  DEMO_SUBJECT,
  subjectToken,
  WATCHED_SUBJECT,
} from './subjects.ts';

/** Who speaks on the bus. */
export type BusRole =
  | 'app'
  | 'agent'
  | 'reader'
  | 'collector'
  | 'api'
  | 'web'
  | 'alerts'
  | 'connectors'
  /** A person's own programs on the machine of the bus: all of it. */
  | 'local';

/** Subjects that a user of the bus may use, wildcards allowed; all others are refused. */
export interface BusPermissions {
  publish: readonly string[];
  subscribe: readonly string[];
  /** May answer what was asked of it, once for each question. */
  answers: boolean;
}

const REQUESTS = STREAMS.requests;
const ALL_STREAMS = Object.values(STREAMS);

/** Where the answers to a user's own questions arrive; the library adds random tokens. No user may listen in another's. */
export function inboxPrefix(user: string): string {
  return `_INBOX_${subjectToken(user)}`;
}

/**
 * What a user may do.
 * @param user its name
 * @param of the app of an `app`, the host of an `agent`; the others have none
 */
export function busPermissions(role: BusRole, user: string, of = user): BusPermissions {
  const inbox = `${inboxPrefix(user)}.>`;
  const name = subjectToken(of);
  switch (role) {
    case 'app':
      return {
        publish: [
          `llm.request.*.${name}.>`,
          `llm.progress.${name}.>`,
          `llm.app.heartbeat.${name}.>`,
        ],
        subscribe: [`llm.control.cancel.${name}.>`, inbox],
        answers: true,
      };
    case 'agent':
      return {
        // The host is its own; the apps are those that call through its proxy, which nobody knows before.
        publish: [
          ...[`llm.host.*.${name}`, `llm.models.*.${name}`, `llm.models.*.${name}.>`],
          ...['llm.request.>', ALL_PROGRESS, 'llm.app.heartbeat.>'],
        ],
        subscribe: [
          ...['llm.request.>', 'llm.app.heartbeat.>', 'llm.control.cancel.>', WATCHED_SUBJECT],
          inbox,
        ],
        answers: true,
      };
    case 'reader':
      return { publish: [], subscribe: ['llm.>', inbox], answers: false };
    case 'collector':
      return {
        publish: ['llm.request.failed.*.*', 'llm.dead-letter.>', ...collectorApi()],
        subscribe: [ALL_PROGRESS, DELETE_SUBJECT, inbox],
        answers: true,
      };
    case 'api':
      return {
        publish: apiSubjects(),
        subscribe: [...demoControl(), ...EVENT_SUBJECTS, inbox],
        answers: true,
      };
    case 'web':
      return { publish: [WATCHED_SUBJECT], subscribe: [ALL_PROGRESS, inbox], answers: false };
    case 'alerts':
      return {
        publish: ['llm.alert.>', 'llm.verdict.>', '$JS.API.INFO', ...streamInfo(), ...backlog()],
        subscribe: [
          ALL_PROGRESS,
          'llm.request.>',
          ALERT_PREVIEW_SUBJECT,
          ALERT_TEST_SUBJECT,
          inbox,
        ],
        answers: true,
      };
    case 'connectors':
      return {
        publish: ['llm.bot.>', '$JS.API.INFO', ...streamInfo(), ...connectorConsumer()],
        subscribe: [inbox],
        answers: false,
      };
    case 'local':
      return { publish: ['>'], subscribe: ['>'], answers: false };
  }
}

/**
 * Makes streams and consumers, reads and acknowledges; removes no stream, and no consumer but those that it makes itself.
 * What was asked to be deleted it takes out of the streams that hold it.
 */
function collectorApi(): string[] {
  return [
    '$JS.API.INFO',
    ...ALL_STREAMS.flatMap((stream) => [
      ...['CREATE', 'UPDATE', 'INFO', 'MSG.GET'].map((verb) => `$JS.API.STREAM.${verb}.${stream}`),
      `$JS.API.DIRECT.GET.${stream}`,
      `$JS.API.DIRECT.GET.${stream}.>`,
    ]),
    ...Object.keys(CONSUMERS).flatMap((key) => {
      const stream = STREAMS[key as keyof typeof CONSUMERS];
      return [
        `$JS.API.CONSUMER.CREATE.${stream}`,
        `$JS.API.CONSUMER.CREATE.${stream}.>`,
        `$JS.API.CONSUMER.DURABLE.CREATE.${stream}.*`,
        `$JS.API.CONSUMER.INFO.${stream}.*`,
        `$JS.API.CONSUMER.MSG.NEXT.${stream}.*`,
        `$JS.ACK.${stream}.>`,
      ];
    }),
    ...[REQUESTS, STREAMS.deadLetters].flatMap((stream) => [
      `$JS.API.STREAM.MSG.DELETE.${stream}`,
      `$JS.API.STREAM.PURGE.${stream}`,
    ]),
    // Reading a part of the history again makes a consumer for it, and removes that. Where a stream forgot its end, its own begins anew.
    `$JS.API.CONSUMER.DELETE.${REQUESTS}.*`,
    `$JS.API.CONSUMER.DELETE.${STREAMS.telemetry}.${CONSUMERS.telemetry}`,
  ];
}

/** Looks at what streams hold. */
function streamInfo(): string[] {
  return ALL_STREAMS.map((stream) => `$JS.API.STREAM.INFO.${stream}`);
}

/** Looks at how far the collectors are with the requests, and how old the first is that waits. */
function backlog(): string[] {
  return [
    `$JS.API.CONSUMER.INFO.${REQUESTS}.${CONSUMERS.requests}`,
    `$JS.API.STREAM.MSG.GET.${REQUESTS}`,
  ];
}

/** What ended calls are read by, to be handed on to another system. */
function connectorConsumer(): string[] {
  return [
    `$JS.API.CONSUMER.CREATE.${REQUESTS}`,
    `$JS.API.CONSUMER.CREATE.${REQUESTS}.${CONNECTOR_CONSUMER}`,
    `$JS.API.CONSUMER.CREATE.${REQUESTS}.${CONNECTOR_CONSUMER}.>`,
    `$JS.API.CONSUMER.DURABLE.CREATE.${REQUESTS}.${CONNECTOR_CONSUMER}`,
    `$JS.API.CONSUMER.INFO.${REQUESTS}.${CONNECTOR_CONSUMER}`,
    // Where the stream forgot its end, what was read last is no more what it was: the consumer begins anew behind it.
    `$JS.API.STREAM.MSG.GET.${REQUESTS}`,
    `$JS.API.CONSUMER.DELETE.${REQUESTS}.${CONNECTOR_CONSUMER}`,
    `$JS.API.CONSUMER.MSG.NEXT.${REQUESTS}.${CONNECTOR_CONSUMER}`,
    `$JS.ACK.${REQUESTS}.${CONNECTOR_CONSUMER}.>`,
  ];
}

/** What reaches the demo that the API plays: cancels of its calls, and whether it is to stop. */
function demoControl(): string[] {
  return [DEMO_SUBJECT, ...DEMO_APP_NAMES.map((app) => `llm.control.cancel.${app}.>`)];
}

/** Asks to cancel, to delete, to try channels and what a rule would do; reads the state of the streams; reads, retries and removes dead letters. */
function apiSubjects(): string[] {
  return [
    ...['llm.control.cancel.>', DELETE_SUBJECT, DEMO_SUBJECT],
    ...[ALERT_PREVIEW_SUBJECT, ALERT_TEST_SUBJECT],
    // Of the demo that it plays.
    ...DEMO_APP_NAMES.map((app) => `llm.progress.${app}.>`),
    // A dead letter is published again where it was.
    ...['llm.request.>', 'llm.app.heartbeat.>', 'llm.host.>', 'llm.models.>'],
    '$JS.API.INFO',
    ...ALL_STREAMS.flatMap((stream) => [
      `$JS.API.STREAM.INFO.${stream}`,
      `$JS.API.STREAM.MSG.GET.${stream}`,
      `$JS.API.DIRECT.GET.${stream}`,
      `$JS.API.DIRECT.GET.${stream}.>`,
    ]),
    ...Object.entries(CONSUMERS).map(
      ([key, consumer]) =>
        `$JS.API.CONSUMER.INFO.${STREAMS[key as keyof typeof CONSUMERS]}.${consumer}`,
    ),
    `$JS.API.STREAM.MSG.DELETE.${STREAMS.deadLetters}`,
  ];
}
