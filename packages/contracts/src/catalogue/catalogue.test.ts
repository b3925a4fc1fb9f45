import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

import { Ajv } from 'ajv';
import addFormats from 'ajv-formats';
import { Value } from '../typebox/value.ts';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';

import { EVENT_FAMILIES } from '../bus/event-subjects.ts';
import { STREAM_DEFINITIONS } from '../bus/streams.ts';
import { subjects } from '../bus/subjects.ts';
import { Envelope } from '../events/envelope.ts';
import { createAsyncapiDocument } from './asyncapi-document.ts';
import { PUBLIC_COMMANDS, PUBLIC_EVENTS } from './catalogue.ts';
import { SUBJECT_PARAMETERS } from './subject-parameters.ts';

const root = new URL('../../../../', import.meta.url);
const read = (path: string) => readFileSync(new URL(path, root), 'utf8');
const version = (JSON.parse(read('package.json')) as { version: string }).version;
const asyncapi = createRequire(import.meta.url)('@asyncapi/specs/schemas/3.0.0.json') as object;
const document = createAsyncapiDocument(version);
const TYPE = new RegExp((Envelope.properties.type as { pattern?: string }).pattern ?? '');
const all = [...PUBLIC_EVENTS, ...PUBLIC_COMMANDS];

/** Is a subject below a pattern of NATS? */
const isBelow = (subject: string, pattern: string): boolean =>
  pattern.endsWith('.>') && subject.startsWith(pattern.slice(0, -1));

describe('docs/asyncapi.yaml', () => {
  test('is what the catalogue says; if not, run "pnpm asyncapi"', () => {
    expect(parse(read('docs/asyncapi.yaml'))).toEqual(document);
  });

  test('is a valid AsyncAPI 3.0 document', () => {
    const ajv = new Ajv({ strict: false, allErrors: true, meta: false });
    (addFormats as unknown as (to: Ajv) => void)(ajv);
    const isValid = ajv.compile(asyncapi);
    expect(isValid(document), JSON.stringify(isValid.errors, null, 1)).toBe(true);
    expect(isValid({ ...document, channels: { odd: { address: 1 } } })).toBe(false);
  });

  test('refers only to what it has', () => {
    const referred = [...JSON.stringify(document).matchAll(/"\$ref":"#\/([^"]+)"/g)];
    expect(referred.length).toBeGreaterThan(40);
    for (const [, path = ''] of referred) {
      const found = path
        .split('/')
        .reduce<unknown>(
          (node, key) => (node as Record<string, unknown> | undefined)?.[key],
          document,
        );
      expect(found, path).toBeDefined();
    }
  });
});

describe('the catalogue', () => {
  test('has every name and every address once', () => {
    const once = (values: readonly string[]) => expect([...new Set(values)]).toEqual(values);
    once(all.map(({ name }) => name));
    once(all.map(({ address }) => address));
  });

  test('has events of the families that anyone may listen to, and of no other', () => {
    const families = PUBLIC_EVENTS.map(({ address }) => address.split('.')[1]);
    expect(new Set(families)).toEqual(new Set(EVENT_FAMILIES));
    for (const { address } of PUBLIC_COMMANDS) expect(address).toMatch(/^llm\.control\./);
  });

  test('has only parameters that are described', () => {
    for (const { address } of all) {
      for (const [, name = ''] of address.matchAll(/\{(\w+)\}/g)) {
        expect(SUBJECT_PARAMETERS, address).toHaveProperty(name);
      }
    }
  });

  test('has every subject that is built anywhere', () => {
    const patterns = all.map(
      ({ address }) =>
        new RegExp(`^${address.replaceAll('.', '\\.').replace(/\{\w+\}/g, '[\\w*-]+')}$`),
    );
    const builders = Object.values(subjects) as ((...names: string[]) => string)[];
    const kinds = ['started', 'invalid-json', 'fired', 'raised'];
    for (const build of builders) {
      const built = kinds.map((kind) => build(kind, 'one', 'two'));
      expect(
        built.some((subject) => patterns.some((pattern) => pattern.test(subject))),
        built[0],
      ).toBe(true);
    }
  });

  test.each(PUBLIC_EVENTS.map((event) => [event.name, event] as const))(
    '%s is kept by the stream that it names, and by no other',
    (_, { address, stream }) => {
      const keeping = STREAM_DEFINITIONS.filter((each) =>
        each.subjects.some((pattern) => isBelow(address, pattern)),
      );
      expect(keeping.map(({ name }) => name)).toEqual(stream === undefined ? [] : [stream]);
    },
  );

  test.each(PUBLIC_EVENTS.map((event) => [event.name, event] as const))(
    'the example of %s is what its schema takes',
    (_, { data, example, type }) => {
      expect(Value.Errors(data, example)).toEqual([]);
      // A field that the schema does not know is a mistake in one of them.
      const known = Object.keys((data as { properties?: object }).properties ?? {});
      expect(known).toEqual(expect.arrayContaining(Object.keys(example)));
      expect(type).toMatch(TYPE);
    },
  );

  test.each(PUBLIC_COMMANDS.map((command) => [command.name, command] as const))(
    'the examples of %s are what its schemas take',
    (_, { payload, example, reply }) => {
      expect(Value.Errors(payload, example)).toEqual([]);
      if (reply) expect(Value.Errors(reply.schema, reply.example)).toEqual([]);
    },
  );
});
