import { Type, type Static, type TSchema } from '../typebox/index.ts';

const nullable = <T extends TSchema>(schema: T) => Type.Union([schema, Type.Null()]);
const count = Type.Integer({ minimum: 0 });

/** `GET /api/series`. */
export const Series = Type.Object(
  {
    metric: Type.String(),
    unit: Type.String(),
    step: Type.Integer({ description: 'seconds' }),
    points: Type.Array(
      Type.Object({
        t: Type.String({ format: 'date-time', description: 'start of the step' }),
        v: nullable(Type.Number({ description: 'null in a gap' })),
      }),
    ),
  },
  { $id: 'Series' },
);
export type Series = Static<typeof Series>;

/** `GET /api/trends`: several metrics over the same steps. The step of value `i` begins at `start` + `i` · `step` seconds. */
export const Trends = Type.Object(
  {
    from: Type.String({ format: 'date-time' }),
    to: Type.String({ format: 'date-time' }),
    start: Type.String({ format: 'date-time', description: 'of the first step' }),
    step: Type.Integer({ description: 'seconds' }),
    series: Type.Array(
      Type.Object({
        metric: Type.String(),
        unit: Type.String(),
        values: Type.Array(nullable(Type.Number()), { description: 'null in a gap' }),
      }),
    ),
    marks: Type.Array(
      Type.Object({
        at: Type.String({ format: 'date-time' }),
        kind: Type.Enum(['loaded', 'unloaded']),
        host: Type.String(),
        model: Type.String(),
      }),
      {
        description:
          'when models came into memory and left it, to the minute; for ranges whose host metrics are asked for',
      },
    ),
  },
  { $id: 'Trends' },
);
export type Trends = Static<typeof Trends>;

const facet = Type.Array(Type.Object({ name: Type.String(), count }));

/** `GET /api/facets`: how many ended calls there are of each, with all filters applied but its own. */
export const Facets = Type.Object(
  {
    status: facet,
    model: facet,
    app: facet,
    host: facet,
  },
  { $id: 'Facets' },
);
export type Facets = Static<typeof Facets>;
