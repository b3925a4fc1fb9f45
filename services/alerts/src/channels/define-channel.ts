import type { Socket } from 'node:net';

import type { ChannelField, ChannelKind, LocalizedText } from '@llm-monitor/contracts/alerts';
import type { CloudEvent } from '@llm-monitor/contracts/events';

import type { Message } from '../core/message/message.ts';

/** An answer of an HTTP server, whatever its status. */
export interface HttpAnswer {
  status: number;
  headers: Readonly<Record<string, string | undefined>>;
  /** The beginning of it. */
  body: string;
}

/** The ways out. None follows a redirect, reaches addresses of machines' metadata, or outlives `signal`. */
export interface ChannelIo {
  /** @throws {SendError} when there is no answer */
  post(request: {
    url: string;
    headers?: Readonly<Record<string, string>>;
    body: string;
  }): Promise<HttpAnswer>;
  /** A TCP connection. @throws {SendError} */
  connect(host: string, port: number): Promise<Socket>;
  /** Publishes and waits until NATS has stored it; what it says of that. @throws {SendError} */
  publish(subject: string, event: CloudEvent<unknown>): Promise<string>;
  signal: AbortSignal;
  /** ms since 1970 */
  now(): number;
}

/** A field of a form, `required` where nothing works without. */
export type FieldDefinition = ChannelField & { required?: true };
type Fields = Readonly<Record<string, FieldDefinition>>;

type ValueOf<Field extends FieldDefinition> = Field['type'] extends 'string'
  ? Field extends { enum: readonly (infer Choice)[] }
    ? Choice
    : string
  : Field['type'] extends 'integer'
    ? number
    : boolean;
type IsThere<Field> = Field extends { required: true } | { default: string | number | boolean }
  ? true
  : false;

/** The values of fields: those without a default, and not required, may be missing. */
export type SettingsOf<F extends Fields> = {
  readonly [Name in keyof F]: IsThere<F[Name]> extends true
    ? ValueOf<F[Name]>
    : ValueOf<F[Name]> | undefined;
};

/** A way to tell people. */
export interface Channel extends ChannelKind {
  /**
   * Tells it once, and says what the other side said.
   * @throws {SendError} when it was not taken
   */
  send(
    message: Message,
    settings: Readonly<Record<string, unknown>>,
    io: ChannelIo,
  ): Promise<string>;
}

/** Makes a channel of its fields and of what sends; the values come typed by the fields. */
export function defineChannel<const F extends Fields>(given: {
  kind: string;
  title: LocalizedText;
  description: LocalizedText;
  fields: F;
  send(message: Message, settings: SettingsOf<F>, io: ChannelIo): Promise<string>;
}): Channel {
  const { kind, title, description, fields, send } = given;
  const names = Object.entries(fields);
  return {
    ...{ kind, title, description },
    settings: {
      type: 'object',
      properties: Object.fromEntries(names.map(([name, field]) => [name, withoutRequired(field)])),
      required: names.filter(([, { required }]) => required).map(([name]) => name),
    },
    // Settings were checked by these very fields before.
    send: (message, settings, io) => send(message, settings as SettingsOf<F>, io),
  };
}

/** In JSON Schema the object says what is required, not the field. */
function withoutRequired(field: FieldDefinition): ChannelField {
  const entries = Object.entries(field).filter(([name]) => name !== 'required');
  return Object.fromEntries(entries) as unknown as ChannelField;
}
