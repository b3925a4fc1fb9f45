import { Type, type Static, type TSchema } from '../typebox/index.ts';

import { Severity } from './rule.ts';

const nullable = <T extends TSchema>(schema: T) => Type.Union([schema, Type.Null()]);
const time = Type.String({ format: 'date-time' });

/** What a rule found: `data` of `llm.alert.fired.v1` and `llm.alert.resolved.v1`, an item of `GET /api/alerts`, what channels tell. */
export const Alert = Type.Object(
  {
    /** The same from when it fires until it is resolved, and never again. */
    id: Type.String(),
    rule: Type.String({ description: "the rule's id" }),
    name: Type.String({ description: "the rule's name" }),
    severity: Severity,
    state: Type.Enum(['pending', 'firing', 'resolved']),
    metric: Type.String(),
    unit: Type.String(),
    /** What it is about: `{ "model": "llama3.2" }`; empty for all of it. */
    of: Type.Record(Type.String(), Type.String()),
    comparator: Type.Enum(['>', '>=', '<', '<=']),
    threshold: Type.Number(),
    windowSeconds: Type.Integer(),
    value: nullable(Type.Number({ description: 'the last one; null: there is none' })),
    /** When the condition began to hold. */
    since: time,
    firedAt: nullable(time),
    resolvedAt: nullable(time),
    /** Why it was resolved. */
    resolution: nullable(Type.Enum(['value', 'no-data', 'rule-changed', 'rule-removed'])),
    /** Path and query of the dashboard's page that shows the minute before it fired. */
    link: Type.String(),
    names: Type.Optional(
      Type.Record(Type.String(), Type.String(), {
        description:
          'answers of the API alone: the name in other languages, by their tags, as long as it is the one that a ready rule came with',
      }),
    ),
  },
  { $id: 'Alert' },
);
export type Alert = Static<typeof Alert>;
