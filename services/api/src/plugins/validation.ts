import type { FastifyInstance } from 'fastify';
import type { TObject, TSchema } from '@llm-monitor/contracts/typebox';
import { Compile } from '@llm-monitor/contracts/typebox/compile';
import { Value } from '@llm-monitor/contracts/typebox/value';

import { badParameter, ProblemError } from '../problem.ts';

/**
 * Checks query parameters and bodies by their schemas. An unknown one is an error, so that a slip of the pen is not a missing
 * filter; an empty parameter counts as absent, and so does an empty body. A parameter's `description` begins with what it takes.
 */
export function installValidation(app: FastifyInstance): void {
  app.setValidatorCompiler<TSchema>(({ schema, httpPart }) => {
    if (httpPart === 'querystring') return createQueryValidator(schema as TObject);
    // A body that is described elsewhere (`$ref`) its route checks itself, to say more than the first thing that is wrong.
    if (httpPart === 'body' && 'properties' in schema) {
      return createBodyValidator(schema as TObject);
    }
    return (value: unknown) => ({ value });
  });
}

export function createQueryValidator(schema: TObject): (query: unknown) => { value: unknown } {
  const compiled = Compile(schema);
  const known = Object.keys(schema.properties);
  const defaults = Value.Default(schema, {}) as Record<string, unknown>;
  const isNoneNeeded = compiled.Check(defaults);
  return (query) => {
    // Most requests have no parameters: these are not taken apart.
    if (isNoneNeeded && Object.keys(query as object).length === 0)
      return { value: { ...defaults } };
    const given = withoutEmpty(query as Record<string, string | string[]>, known);
    const value: Record<string, unknown> = { ...defaults, ...toTyped(given, schema) };
    if (compiled.Check(value)) return { value };
    const name = known.find((one) => {
      const property = schema.properties[one];
      return property && given[one] !== undefined && !Value.Check(property, value[one]);
    });
    const form = describe(schema.properties[name ?? '']);
    throw badParameter(name ?? 'query', given[name ?? ''] ?? '', form);
  };
}

/** Bodies are small JSON objects, all of whose fields are optional. */
export function createBodyValidator(schema: TObject): (body: unknown) => { value: unknown } {
  const compiled = Compile(schema);
  const known = Object.keys(schema.properties);
  return (body) => {
    const value = body ?? {};
    if (typeof value !== 'object' || Array.isArray(value)) {
      throw new ProblemError(400, 'Bad body', 'The body is a JSON object, or is left out.');
    }
    for (const name of Object.keys(value)) {
      if (!known.includes(name)) throw unknownParameter(name, known);
    }
    if (compiled.Check(value)) return { value };
    const [name = 'body', given] =
      Object.entries(value).find(([one, of]) => !Value.Check(schema.properties[one] ?? {}, of)) ??
      [];
    throw badParameter(name, String(given), describe(schema.properties[name]));
  };
}

function describe(property: object | undefined): string {
  return property && 'description' in property ? String(property.description) : 'something else';
}

/** Only digits are a number here: a lenient conversion would make 1.5, true or 0x10 into one. */
function toTyped(given: Record<string, string>, schema: TObject): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(given).map(([name, text]) => {
      const { type } = schema.properties[name] as { type?: string };
      return [name, type === 'integer' && /^\d{1,15}$/.test(text) ? Number(text) : text];
    }),
  );
}

function withoutEmpty(
  query: Record<string, string | string[]>,
  known: readonly string[],
): Record<string, string> {
  const given: Record<string, string> = {};
  for (const [name, value] of Object.entries(query)) {
    if (!known.includes(name)) throw unknownParameter(name, known);
    if (typeof value !== 'string') {
      throw new ProblemError(
        400,
        'Bad parameter',
        `"${name}" is given more than once. Give it once.`,
      );
    }
    if (value !== '') given[name] = value;
  }
  return given;
}

function unknownParameter(name: string, known: readonly string[]): ProblemError {
  const list = known.length > 0 ? `Known here: ${known.join(', ')}.` : 'There are none here.';
  return new ProblemError(
    400,
    'Unknown parameter',
    `There is no parameter "${name.slice(0, 100)}". ${list}`,
  );
}
