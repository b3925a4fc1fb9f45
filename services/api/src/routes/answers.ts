import { Type, type TSchema } from '@llm-monitor/contracts/typebox';

export const JSON_TYPE = 'application/json; charset=utf-8';

/** An answer that is an error. */
export const problemAnswer = (description: string, schema: TSchema = Type.Ref('Problem#')) => ({
  description,
  content: { 'application/problem+json': { schema } },
});

const PROBLEMS = {
  '4xx': problemAnswer('What is wrong, and what to do'),
  503: problemAnswer('Redis or NATS does not answer now'),
};

/** The answers of a route that removes something, for the OpenAPI document. */
export const goneAnswers = { 204: { description: 'It is gone', type: 'null' }, ...PROBLEMS };

/** The answers of a route, for the OpenAPI document. */
export function answers(description: string, schema: TSchema, headers?: Record<string, object>) {
  return {
    200: {
      description,
      content: { 'application/json': { schema } },
      ...(headers ? { headers } : {}),
    },
    ...PROBLEMS,
  };
}
