import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { Ajv, type ValidateFunction } from 'ajv';
import addFormats from 'ajv-formats';
import { parse } from 'yaml';

import { projectRoot } from './project-root.ts';

/** A channel of docs/asyncapi.yaml, and what it says of messages. */
export interface PublishedChannel {
  name: string;
  fits(subject: string): boolean;
  /** What is wrong with what was published at a subject; empty when nothing is. An event repeats the subject. */
  problemsOf(body: string, subject: string): string[];
  /** The same of an answer; undefined where none is documented. */
  problemsOfReply: ((body: string) => string[]) | undefined;
}

interface Reference {
  $ref: string;
}
interface Channel {
  address: string | null;
  messages: Record<string, Reference>;
}
interface Operation {
  action: 'send' | 'receive';
  channel: Reference;
  reply?: { channel: Reference };
}
export interface AsyncapiDocument {
  channels: Record<string, Channel>;
  operations: Record<string, Operation>;
  components: { messages: Record<string, { contentType: string }> };
}

/** The document as it is published. */
export function readAsyncapi(): AsyncapiDocument {
  return parse(readFileSync(join(projectRoot(), 'docs/asyncapi.yaml'), 'utf8')) as AsyncapiDocument;
}

const nameIn = ({ $ref }: Reference): string => $ref.split('/').at(-1) ?? '';

/**
 * The channels that have an address. The document lets every object have more fields than it names, since new ones may come at any
 * time; here they may not, so that whatever is really sent has to be documented.
 */
export function readChannels(document: AsyncapiDocument): PublishedChannel[] {
  const ajv = new Ajv({ strict: false, validateSchema: false });
  (addFormats as unknown as (to: Ajv) => void)(ajv);
  ajv.addSchema(withNothingElse(document) as object, 'asyncapi');
  const readBody = (messages: Channel['messages']): ((body: string) => string[]) => {
    const [name = ''] = Object.values(messages).map(nameIn);
    const isJson = document.components.messages[name]?.contentType === 'application/json';
    const isValid = ajv.compile({ $ref: `asyncapi#/components/messages/${name}/payload` });
    return (body) => check(isValid, body, isJson);
  };
  return Object.entries(document.channels).flatMap(([name, { address, messages }]) => {
    if (address === null) return [];
    const operation = Object.values(document.operations).find(
      (one) => nameIn(one.channel) === name,
    );
    const problemsOfBody = readBody(messages);
    const reply = operation?.reply && document.channels[nameIn(operation.reply.channel)];
    const pattern = new RegExp(
      `^${address.replaceAll('.', '\\.').replace(/\{\w+\}/g, '[A-Za-z0-9_-]+')}$`,
    );
    return {
      name,
      fits: (subject: string) => pattern.test(subject),
      problemsOf(body, subject) {
        const problems = problemsOfBody(body);
        const isEvent = operation?.action === 'send';
        return isEvent && problems.length === 0 ? problemsOfSubject(body, subject) : problems;
      },
      problemsOfReply: reply && readBody(reply.messages),
    };
  });
}

function problemsOfSubject(body: string, subject: string): string[] {
  const said = (JSON.parse(body) as { subject?: unknown }).subject;
  return said === subject ? [] : [`its subject is said to be ${JSON.stringify(said)}`];
}

function check(isValid: ValidateFunction, body: string, isJson: boolean): string[] {
  try {
    if (isValid(isJson ? JSON.parse(body) : body)) return [];
  } catch (error) {
    return [(error as Error).message];
  }
  return (isValid.errors ?? []).map(
    ({ instancePath, message, params }) => `${instancePath} ${message} ${JSON.stringify(params)}`,
  );
}

function withNothingElse(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(withNothingElse);
  if (typeof node !== 'object' || node === null) return node;
  const copy = Object.fromEntries(
    Object.entries(node).map(([key, value]) => [key, withNothingElse(value)]),
  );
  const isObject = copy['type'] === 'object' && 'properties' in copy;
  return isObject ? { additionalProperties: false, ...copy } : copy;
}
