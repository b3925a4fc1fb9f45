import { Type, type Static, type TSchema } from '../typebox/index.ts';

import type { Alert } from './alert.ts';
import type { AlertRule } from './rule.ts';

const nullable = <T extends TSchema>(schema: T) => Type.Union([schema, Type.Null()]);

/** What fires now: of `GET /api/alerts`, and pushed to dashboards. */
export interface AlertsNow {
  /** Were rules looked at lately? Else nothing is known of now: the alerts service is away. */
  evaluated: boolean;
  /** What fires, then what is pending; the worst first. */
  items: readonly Alert[];
}

/** `GET /api/alerts`: what fires and is pending, then what was resolved lately, newest first. */
export const AlertList = Type.Object(
  {
    firing: Type.Integer({ minimum: 0 }),
    pending: Type.Integer({ minimum: 0 }),
    evaluated: Type.Boolean({
      description: 'were rules looked at within the last 30 s? Else the alerts service is away',
    }),
    evaluatedAt: nullable(Type.String({ format: 'date-time' })),
    items: Type.Array(Type.Ref('Alert#')),
  },
  { $id: 'AlertList' },
);
/** What fires and is pending; `evaluatedAt` is null until rules were looked at for the first time. */
export interface AlertList {
  firing: number;
  pending: number;
  evaluated: boolean;
  evaluatedAt: string | null;
  items: Alert[];
}

/** `GET /api/alerts/rules`, and the body of `PUT`. */
export const AlertRuleList = Type.Object(
  {
    rules: Type.Array(Type.Ref('AlertRule#')),
    names: Type.Optional(
      Type.Record(Type.String(), Type.Record(Type.String(), Type.String()), {
        description:
          'of answers: names of ready rules in other languages, by id and language, as long as nobody gave them another name',
      }),
    ),
  },
  { $id: 'AlertRuleList' },
);
/** All rules; `names` only in answers, by id and language. */
export interface AlertRuleList {
  rules: AlertRule[];
  names?: Record<string, Record<string, string>>;
}

/** `GET /api/alerts/metrics`: what a rule can look at. */
export const AlertMetricList = Type.Object(
  {
    metrics: Type.Array(
      Type.Object({
        name: Type.String(),
        unit: Type.String(),
        scopes: Type.Array(Type.Enum(['model', 'app', 'host', 'bot'])),
        windowed: Type.Boolean({ description: 'is it of the last windowSeconds, or of now?' }),
        description: Type.String(),
        descriptions: Type.Record(Type.String(), Type.String(), {
          description: 'the same in other languages, by their tags',
        }),
      }),
    ),
  },
  { $id: 'AlertMetricList' },
);
export type AlertMetricList = Static<typeof AlertMetricList>;

/** What a rule would do now: of `POST /api/alerts/preview`, and what the alerts answer on NATS. */
export const AlertPreview = Type.Object(
  {
    unit: Type.String(),
    fires: Type.Boolean({ description: 'does the condition hold of any?' }),
    values: Type.Array(
      Type.Object({
        of: Type.Record(Type.String(), Type.String()),
        value: nullable(Type.Number()),
        holds: Type.Boolean(),
      }),
      { description: 'what it looks at, the nearest to firing first; at most 20' },
    ),
    held: Type.Boolean({ description: 'events are not being collected: nothing is known of now' }),
  },
  { $id: 'AlertPreview' },
);
export type AlertPreview = Static<typeof AlertPreview>;

/** What a `PUT` of rules changes, or would change: ids. */
export const AlertRuleChange = Type.Object(
  {
    dryRun: Type.Boolean({ description: 'nothing was changed' }),
    added: Type.Array(Type.String()),
    changed: Type.Array(Type.String()),
    removed: Type.Array(Type.String()),
    rules: Type.Array(Type.Ref('AlertRule#')),
  },
  { $id: 'AlertRuleChange' },
);
/** Ids of what a `PUT` changed, or with `dryRun` would change, and the rules as they are then. */
export interface AlertRuleChange {
  dryRun: boolean;
  added: string[];
  changed: string[];
  removed: string[];
  rules: AlertRule[];
}
