import { STREAM_DEFINITIONS } from '../bus/streams.ts';
import { Envelope } from '../events/envelope.ts';
import { SENT_AT_HEADER } from '../events/limits.ts';
import { PUBLIC_COMMANDS, PUBLIC_EVENTS } from './catalogue.ts';
import type { PublicCommand, PublicEvent, Sender } from './public-event.ts';
import { SUBJECT_PARAMETERS } from './subject-parameters.ts';

type Json = Record<string, unknown>;

const HOUR_NS = 3_600_000_000_000;

const DESCRIPTION = `Everything that happens to the LLM calls that are monitored, and to the machines that answer them, on NATS.

Events are CloudEvents 1.0 in structured JSON. What a stream keeps is delivered at least once and in no certain order; the \`id\` tells a
repetition. New fields may come at any time, and are always optional; an absent field means unknown. Unknown fields are to be ignored.
A subject token keeps \`A-Z a-z 0-9 - _\`, every other character of a name is \`_\`; the true names are in \`data\`.
Events with \`data.demo\` are of the demo or of a self-test.`;

const ENVELOPE_NOTES: Json = {
  id: 'Tells a repetition; of request events `<request id>:start`, `first-token`, `end` or `orphan`.',
  source: 'The producer.',
  time: 'RFC 3339, on the producer’s clock.',
  subject: 'The subject on NATS at which it was published.',
};

/** The document of the whole bus, AsyncAPI 3.0, as plain JSON values. @param version of the product */
export function createAsyncapiDocument(version: string): Json {
  const all = [...PUBLIC_EVENTS, ...PUBLIC_COMMANDS];
  const replies = PUBLIC_COMMANDS.filter(({ reply }) => reply !== undefined);
  return {
    asyncapi: '3.0.0',
    info: {
      title: 'LLM Monitor',
      version,
      description: DESCRIPTION,
      license: { name: 'MIT' },
    },
    defaultContentType: 'application/json',
    servers: {
      local: {
        host: '127.0.0.1:4222',
        protocol: 'nats',
        description: 'Where `npm start` and compose have it.',
      },
    },
    channels: {
      ...toRecord(all.map((one) => [one.name, channel(one)])),
      ...toRecord(replies.map(({ name, title }) => [replyOf(name), replyChannel(name, title)])),
    },
    operations: toRecord(all.map((one) => [one.name, operation(one)])),
    components: {
      messages: {
        ...toRecord(PUBLIC_EVENTS.map((event) => [event.name, eventMessage(event)])),
        ...toRecord(PUBLIC_COMMANDS.map((command) => [command.name, commandMessage(command)])),
        ...toRecord(replies.map((command) => [replyOf(command.name), replyMessage(command)])),
      },
      parameters: toRecord(
        Object.entries(SUBJECT_PARAMETERS).map(([name, parameter]) => [name, parameter]),
      ),
      schemas: toRecord([
        ...PUBLIC_EVENTS.map(({ dataName, data }) => [dataName, plain(data)] as const),
        ...PUBLIC_COMMANDS.map(
          ({ payloadName, payload }) => [payloadName, plain(payload)] as const,
        ),
        ...PUBLIC_COMMANDS.flatMap(({ reply }) =>
          reply ? [[reply.schemaName, plain(reply.schema)] as const] : [],
        ),
      ]),
    },
  };
}

const isEvent = (one: PublicEvent | PublicCommand): one is PublicEvent => 'type' in one;
const replyOf = (name: string): string => `${name}Reply`;
const ref = (...path: string[]): Json => ({ $ref: `#/${path.join('/')}` });

function channel(one: PublicEvent | PublicCommand): Json {
  const parameters = [...one.address.matchAll(/\{(\w+)\}/g)].map((match) => match[1] ?? '');
  const stream = isEvent(one) ? one.stream : undefined;
  return {
    address: one.address,
    title: one.title,
    description: `${one.when} ${isEvent(one) ? keptIn(stream) : 'Taken by those whose user may send it.'}`,
    messages: { [one.name]: ref('components', 'messages', one.name) },
    ...(parameters.length > 0
      ? {
          parameters: toRecord(
            parameters.map((name) => [name, ref('components', 'parameters', name)]),
          ),
        }
      : {}),
    ...(stream === undefined ? {} : { 'x-jetstream': stream }),
    'x-sent-by': [...one.sentBy],
  };
}

function keptIn(stream: string | undefined): string {
  const definition = STREAM_DEFINITIONS.find(({ name }) => name === stream);
  if (!definition) return 'Not kept: who does not listen at the moment misses it.';
  const hours = definition.max_age / HOUR_NS;
  const kept = hours > 96 ? `${hours / 24} days` : `${hours} h`;
  return `Kept in the stream \`${definition.name}\` for ${kept}.`;
}

function replyChannel(name: string, title: string): Json {
  return {
    address: null,
    title: `${title}: the answer`,
    description: 'The reply subject that the question names.',
    messages: { [replyOf(name)]: ref('components', 'messages', replyOf(name)) },
  };
}

function operation(one: PublicEvent | PublicCommand): Json {
  const { name, title } = one;
  const hasReply = !isEvent(one) && one.reply !== undefined;
  return {
    // Of the monitor: events it sends; what is asked of it, it receives.
    action: isEvent(one) ? 'send' : 'receive',
    title,
    channel: ref('channels', name),
    messages: [ref('channels', name, 'messages', name)],
    ...(hasReply
      ? {
          reply: {
            channel: ref('channels', replyOf(name)),
            messages: [ref('channels', replyOf(name), 'messages', replyOf(name))],
          },
        }
      : {}),
  };
}

function eventMessage(event: PublicEvent): Json {
  const { properties, required } = plain(Envelope) as { properties: Json; required: string[] };
  const described = toRecord(
    Object.entries(properties).map(([name, schema]) => [
      name,
      name in ENVELOPE_NOTES ? { ...(schema as Json), description: ENVELOPE_NOTES[name] } : schema,
    ]),
  );
  return {
    name: event.type,
    title: event.title,
    contentType: 'application/json',
    headers: headersOf(event),
    payload: {
      type: 'object',
      required: [...required, 'data'],
      properties: {
        ...described,
        type: { type: 'string', const: event.type },
        data: ref('components', 'schemas', event.dataName),
      },
    },
    examples: [{ name: event.name, payload: examplePayload(event) }],
  };
}

function headersOf({ stream }: PublicEvent): Json {
  return {
    type: 'object',
    properties: {
      [SENT_AT_HEADER]: {
        type: 'string',
        description: 'The producer’s clock at this send, RFC 3339.',
      },
      ...(stream === undefined
        ? {}
        : { 'Nats-Msg-Id': { type: 'string', description: 'The event’s id, where it has one.' } }),
    },
  };
}

const SOURCES: Readonly<Record<Sender, string>> = {
  client: '/apps/generator/instances/4f2a91c0',
  agent: '/agents/workstation',
  collector: '/services/collector',
  api: '/services/api',
  web: '/services/web',
  alerts: '/services/alerts',
  connectors: '/services/connectors',
};

function examplePayload(event: PublicEvent): Json {
  return {
    specversion: '1.0',
    id: event.exampleId ?? '0d6c3f58-9a4e-4c1b-8f0a-2b7d5e6c1a90',
    source: SOURCES[event.sentBy[0] ?? 'client'],
    type: event.type,
    time: '2026-05-01T10:00:03.120Z',
    datacontenttype: 'application/json',
    data: event.example,
  };
}

function commandMessage(command: PublicCommand): Json {
  return {
    name: command.name,
    title: command.title,
    contentType: command.contentType,
    payload: ref('components', 'schemas', command.payloadName),
    ...exampleOf(command.name, command.example),
  };
}

function replyMessage({ name, title, reply }: PublicCommand): Json {
  return {
    name: replyOf(name),
    title: `${title}: the answer`,
    contentType: 'application/json',
    payload: ref('components', 'schemas', reply?.schemaName ?? ''),
    ...exampleOf(replyOf(name), reply?.example),
  };
}

/** Examples of texts are not for AsyncAPI: there a payload is an object. */
const exampleOf = (name: string, payload: unknown): Json =>
  typeof payload === 'object' ? { examples: [{ name, payload }] } : {};

const toRecord = (entries: readonly (readonly [string, unknown])[]): Json =>
  Object.fromEntries(entries);

/** A schema as plain JSON, without the ids that stand for documents of their own. */
function plain(schema: object): unknown {
  return JSON.parse(
    JSON.stringify(schema, (key, value: unknown) => (key === '$id' ? undefined : value)),
  );
}
