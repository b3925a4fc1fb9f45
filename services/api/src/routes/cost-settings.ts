import type { FastifyPluginCallbackTypebox } from '@fastify/type-provider-typebox';
import { readCostSettings, writeCostSettings } from '@llm-monitor/read-model';
import { CostSettings } from '@llm-monitor/contracts/rest';
import { Type } from '@llm-monitor/contracts/typebox';
import { Compile } from '@llm-monitor/contracts/typebox/compile';

import { ProblemError } from '../problem.ts';
import { answers } from './answers.ts';
import type { RouteContext } from './route-context.ts';

export const costSettingRoutes: FastifyPluginCallbackTypebox<RouteContext> = (
  app,
  { store },
  done,
) => {
  const answer = answers('Prices, all of one currency', Type.Ref('CostSettings#'));
  app.get(
    '/api/settings/costs',
    {
      schema: {
        tags: ['settings'],
        summary: 'What energy costs, and what the same tokens would cost elsewhere',
        querystring: Type.Object({}),
        response: answer,
      },
    },
    () => readCostSettings(store),
  );
  app.put(
    '/api/settings/costs',
    {
      schema: {
        tags: ['settings'],
        summary: 'Set the prices',
        description:
          'All that was counted before is told by them too: nothing but energy and tokens is kept.',
        querystring: Type.Object({}),
        body: Type.Ref('CostSettings#'),
        response: answer,
      },
    },
    async (request) => {
      const settings = pricesOf(request.body);
      await writeCostSettings(store, settings);
      request.log.info('prices were set');
      return settings;
    },
  );
  done();
};

const prices = Compile(CostSettings);
const EXAMPLE =
  '{"currency": "EUR", "price_per_kwh": 0.3, "cloud_prices": [{"model": "llama*", "input_per_million": 0.2, "output_per_million": 0.6}]}';

/** @throws {ProblemError} that says what is wrong */
function pricesOf(body: unknown): CostSettings {
  if (prices.Check(body)) return body;
  const [first] = prices.Errors(body ?? null);
  const place = first?.instancePath.slice(1).replaceAll('/', '.') || 'the body';
  throw new ProblemError(400, 'Bad prices', {
    en: `${place} ${first?.message}. They look so: ${EXAMPLE}`,
    it: `${place}: ${inItalian(place)}. Si scrivono così: ${EXAMPLE}`,
  });
}

/** What stands at a place of the body, for people. */
function inItalian(place: string): string {
  if (place === 'currency') return 'tre lettere maiuscole, come EUR';
  if (place.endsWith('.model')) return 'un nome di 1–256 caratteri; * sta per ogni nome';
  if (/price|million/.test(place)) return 'un numero da 0 a 1.000.000';
  return 'qui va qualcos’altro';
}
