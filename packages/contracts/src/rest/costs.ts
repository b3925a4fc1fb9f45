import { Type, type Static, type TSchema } from '../typebox/index.ts';

const nullable = <T extends TSchema>(schema: T) => Type.Union([schema, Type.Null()]);
const price = (description: string) => Type.Number({ minimum: 0, maximum: 1e6, description });

/** What the same tokens would cost elsewhere, for models whose name fits. */
export const CloudPrice = Type.Object(
  {
    model: Type.String({
      minLength: 1,
      maxLength: 256,
      description: 'a name; `*` stands for any characters. The first that fits counts',
    }),
    input_per_million: price('of a million prompt tokens'),
    output_per_million: price('of a million generated tokens'),
  },
  { additionalProperties: false },
);
export type CloudPrice = Static<typeof CloudPrice>;

/** `GET` and `PUT /api/settings/costs`: what energy costs, and what is compared with. All money is of one currency. */
export const CostSettings = Type.Object(
  {
    currency: Type.String({ pattern: '^[A-Z]{3}$', description: 'ISO 4217, such as EUR' }),
    price_per_kwh: nullable(price('of a kilowatt-hour; null: not known, and no cost is told')),
    cloud_prices: Type.Array(CloudPrice, { maxItems: 100 }),
  },
  { $id: 'CostSettings', additionalProperties: false },
);
export type CostSettings = Static<typeof CostSettings>;

/** Before somebody says. */
export const NO_COST_SETTINGS: CostSettings = {
  currency: 'EUR',
  price_per_kwh: null,
  cloud_prices: [],
};

/** What something cost, and would have cost; estimates, by the prices of today. */
export const Cost = Type.Object(
  {
    currency: Type.String(),
    energy: nullable(
      Type.Number({
        description: 'of the energy that is known; null: of none, or no price is set',
      }),
    ),
    cloud: nullable(
      Type.Number({
        description: 'of the same tokens elsewhere, as far as a price is set; null: of none',
      }),
    ),
  },
  { description: 'estimates, by the prices that are set now' },
);
export type Cost = Static<typeof Cost>;
