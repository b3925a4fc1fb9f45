import { Type, type Static, type TSchema } from '../typebox/index.ts';

import { RULE_ID_PATTERN, Severity } from './rule.ts';

const nullable = <T extends TSchema>(schema: T) => Type.Union([schema, Type.Null()]);
const time = Type.String({ format: 'date-time' });

/** A channel's id: chosen by people, and the last token of the subject of a `nats` channel. */
export const CHANNEL_ID_PATTERN = RULE_ID_PATTERN;
/** Most channels that can be set. */
export const MAX_CHANNELS = 32;

/** Languages of what channels tell. */
export const ChannelLanguage = Type.Enum(['en', 'it']);
export type ChannelLanguage = Static<typeof ChannelLanguage>;
/** A text in each of them. */
export type LocalizedText = Readonly<Record<ChannelLanguage, string>>;

/**
 * One field of a channel's settings: a JSON Schema with what a form needs to know. `secret` ones are kept, used and never shown
 * again; a `url` that is secret shows its host alone.
 */
export interface ChannelField {
  type: 'string' | 'integer' | 'boolean';
  title: LocalizedText;
  hint?: LocalizedText;
  secret?: boolean;
  /** Says where secrets go: when it changes, they have to be given anew, so that nobody has them sent elsewhere. */
  destination?: boolean;
  /** `url`: `http` or `https`. `email`, `emails`: one or more addresses, separated by commas. */
  form?: 'url' | 'email' | 'emails';
  /** An example of what stands in it. */
  example?: string;
  default?: string | number | boolean;
  enum?: readonly string[];
  /** What the choices of `enum` are called. */
  choices?: Readonly<Record<string, LocalizedText>>;
  pattern?: string;
  minLength?: number;
  maxLength?: number;
  minimum?: number;
  maximum?: number;
}

/** A way to tell people: what it is called and what it must know. The API checks settings by it, and forms are made from it. */
export interface ChannelKind {
  kind: string;
  title: LocalizedText;
  /** What it is for, in a sentence. */
  description: LocalizedText;
  settings: {
    type: 'object';
    properties: Readonly<Record<string, ChannelField>>;
    required: readonly string[];
  };
}

/** A channel as it is kept in Redis, with its secrets. */
export interface StoredChannel {
  id: string;
  kind: string;
  name: string;
  enabled: boolean;
  language: ChannelLanguage;
  /** Seconds between two messages; what comes meanwhile becomes one. */
  everySeconds: number;
  settings: Record<string, string | number | boolean>;
  /** ISO 8601 */
  updatedAt: string;
}

/** What stands in the hash of the states of channels. */
export const channelStateField = (
  channel: string,
  what: 'sentAt' | 'error' | 'sent' | 'failed' | 'lost',
): string => `${channel}|${what}`;

/** What last went wrong with a channel. */
export const ChannelError = Type.Object({
  at: time,
  message: Type.String(),
  permanent: Type.Boolean({ description: 'it is not tried again: settings have to change' }),
});
export type ChannelError = Static<typeof ChannelError>;

/** In the place of a secret that is set: `host` where the secret is an address. */
export const SetSecret = Type.Object(
  {
    set: Type.Boolean(),
    host: Type.Optional(Type.String()),
  },
  { description: 'a secret is never shown again' },
);
export type SetSecret = Static<typeof SetSecret>;

const name = Type.String({ minLength: 1, maxLength: 120 });
const everySeconds = Type.Integer({
  ...{ minimum: 0, maximum: 86_400, default: 15 },
  description:
    'a whole number, 0 to 86400: seconds between two messages; what comes meanwhile becomes one',
});

/** A channel as the API shows it. */
export const AlertChannel = Type.Object(
  {
    id: Type.String({ pattern: CHANNEL_ID_PATTERN }),
    kind: Type.String(),
    name,
    enabled: Type.Boolean(),
    language: ChannelLanguage,
    everySeconds,
    settings: Type.Record(
      Type.String(),
      Type.Union([Type.String(), Type.Number(), Type.Boolean(), SetSecret]),
    ),
    updatedAt: time,
    /** Notifications that are not told yet. */
    waiting: Type.Integer({ minimum: 0 }),
    /** When it is tried again, or the next message goes; null: nothing waits. */
    nextAt: nullable(time),
    lastSentAt: nullable(time),
    lastError: nullable(ChannelError),
    sent: Type.Integer({ minimum: 0, description: 'messages that were taken' }),
    failed: Type.Integer({ minimum: 0, description: 'attempts that failed' }),
    lost: Type.Integer({
      ...{ minimum: 0, description: 'notifications that were given up, or found no room' },
    }),
  },
  { $id: 'AlertChannel' },
);
export type AlertChannel = Static<typeof AlertChannel>;

/** `GET /api/alerts/channels`: what there is, and of what kinds there can be. */
export const AlertChannels = Type.Object(
  {
    channels: Type.Array(AlertChannel),
    kinds: Type.Array(
      Type.Object({
        kind: Type.String(),
        title: Type.Record(Type.String(), Type.String()),
        description: Type.Record(Type.String(), Type.String()),
        settings: Type.Object(
          {},
          { additionalProperties: true, description: 'a JSON Schema of its settings' },
        ),
      }),
    ),
  },
  { $id: 'AlertChannels' },
);
/** Channels as anybody may see them, without their secrets, and the kinds that there can be. */
export interface AlertChannels {
  channels: AlertChannel[];
  kinds: ChannelKind[];
}

/** Body of `PUT /api/alerts/channels/:id`. What is left out stays as it was; `null` removes a setting. */
export const AlertChannelBody = Type.Object(
  {
    kind: Type.Optional(
      Type.String({ minLength: 1, maxLength: 64, description: 'one of the kinds' }),
    ),
    name: Type.Optional(
      Type.String({ minLength: 1, maxLength: 120, description: '1 to 120 characters' }),
    ),
    enabled: Type.Optional(Type.Boolean({ description: 'true or false' })),
    language: Type.Optional(Type.Enum(['en', 'it'], { description: 'en or it' })),
    everySeconds: Type.Optional(everySeconds),
    settings: Type.Optional(
      Type.Record(
        Type.String(),
        Type.Union([Type.String(), Type.Number(), Type.Boolean(), Type.Null()]),
        { description: 'an object of texts, numbers, true or false; null removes one' },
      ),
    ),
  },
  { $id: 'AlertChannelBody' },
);
export type AlertChannelBody = Static<typeof AlertChannelBody>;

/** Answer of `POST /api/alerts/channels/:id/test`: what the other side said to a message that was sent just now. */
export const AlertChannelTest = Type.Object(
  { id: Type.String(), ok: Type.Boolean(), detail: Type.String() },
  { $id: 'AlertChannelTest' },
);
export type AlertChannelTest = Static<typeof AlertChannelTest>;

/** Asked of `llm.control.alert-test`: send a test by this channel. It names the channel alone, no secret passes the bus. */
export const AlertTestCommand = Type.Object({
  channel: Type.String({ pattern: CHANNEL_ID_PATTERN }),
});
export type AlertTestCommand = Static<typeof AlertTestCommand>;

/** The answer. */
export const AlertTestReply = Type.Object({ ok: Type.Boolean(), detail: Type.String() });
export type AlertTestReply = Static<typeof AlertTestReply>;

/** `data` of `llm.alert.notified.v1`, what a `nats` channel publishes: texts that are ready to be shown. */
export const NotifiedData = Type.Object({
  channel: Type.String({ description: 'its id' }),
  /** Of the gravest. */
  what: Type.Enum(['fired', 'resolved', 'again', 'test']),
  severity: Severity,
  title: Type.String(),
  text: Type.String({ description: 'several lines, the title first' }),
  link: Type.String({ description: 'where the dashboard shows it' }),
  alerts: Type.Array(Type.String(), { description: 'ids of the alerts that it tells of' }),
});
export type NotifiedData = Static<typeof NotifiedData>;
