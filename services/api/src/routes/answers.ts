import { Type, type TSchema } from 'typebox';

export const JSON_TYPE = 'application/json; charset=utf-8';

const problem = (description: string) => ({
  description,
  content: { 'application/problem+json': { schema: Type.Ref('Problem#') } },
});

/** The answers of a route, for the OpenAPI document. */
export function answers(description: string, schema: TSchema, headers?: Record<string, object>) {
  return {
    200: {
      description,
      content: { 'application/json': { schema } },
      ...(headers ? { headers } : {}),
    },
    '4xx': problem('What is wrong, and what to do'),
    503: problem('Redis does not answer now'),
  };
}
