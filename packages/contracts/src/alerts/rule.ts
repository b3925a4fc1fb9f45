import { Type, type Static } from '../typebox/index.ts';

/** How much it matters. */
export const Severity = Type.Enum(['info', 'warning', 'critical']);
export type Severity = Static<typeof Severity>;

/** A rule's id, also the last token of its subjects. */
export const RULE_ID_PATTERN = '^[a-z0-9][a-z0-9-]{0,63}$';

const name = Type.String({ minLength: 1, maxLength: 256 });

/** What a rule looks at; without any of these at all of it. `each` makes one alert of every one of its kind. */
export const AlertScope = Type.Object(
  {
    model: Type.Optional(name),
    app: Type.Optional(name),
    host: Type.Optional(name),
    bot: Type.Optional(name),
    each: Type.Optional(Type.Enum(['model', 'app', 'host', 'bot'])),
  },
  { additionalProperties: false },
);
export type AlertScope = Static<typeof AlertScope>;

/** `HH:MM`, 24 hours. */
const clockTime = Type.String({ pattern: '^([01][0-9]|2[0-3]):[0-5][0-9]$' });

/** When nobody is to be told, unless it is critical: from, to (the next day when it is earlier), and where that time holds. */
export const QuietHours = Type.Object(
  {
    from: clockTime,
    to: clockTime,
    /** IANA name, such as `Europe/Rome`. */
    timeZone: Type.String({ minLength: 1, maxLength: 64 }),
  },
  { additionalProperties: false },
);
export type QuietHours = Static<typeof QuietHours>;

/** One rule: fires when `metric` of `scope`, over the last `windowSeconds`, is `comparator` `threshold` for `forSeconds`. */
export const AlertRule = Type.Object(
  {
    id: Type.String({ pattern: RULE_ID_PATTERN }),
    name: Type.String({ minLength: 1, maxLength: 120 }),
    description: Type.Optional(Type.String({ maxLength: 1000 })),
    enabled: Type.Boolean({ default: true }),
    /** A metric of `GET /api/series`, or one that only alerts have. */
    metric: Type.String({ minLength: 1, maxLength: 64 }),
    scope: Type.Optional(AlertScope),
    comparator: Type.Enum(['>', '>=', '<', '<=']),
    /** In the metric's unit. */
    threshold: Type.Number(),
    windowSeconds: Type.Integer({ minimum: 10, maximum: 86_400, default: 300 }),
    /** It must hold for so long before it fires. */
    forSeconds: Type.Integer({ minimum: 0, maximum: 86_400, default: 0 }),
    /** What it means that there is no value: nothing, that it fires, or that all stays as it was. */
    noData: Type.Enum(['ok', 'fire', 'keep'], { default: 'ok' }),
    /** People are told again after so long while it fires; 0: once. */
    renotifySeconds: Type.Integer({ minimum: 0, maximum: 604_800, default: 0 }),
    severity: Severity,
    quietHours: Type.Optional(QuietHours),
    /** Ids of the channels that tell people; absent: all that are on. */
    channels: Type.Optional(
      Type.Array(Type.String({ pattern: RULE_ID_PATTERN }), { maxItems: 32 }),
    ),
  },
  { $id: 'AlertRule', additionalProperties: false },
);
export type AlertRule = Static<typeof AlertRule>;
