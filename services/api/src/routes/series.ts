import type { FastifyPluginCallbackTypebox } from '@fastify/type-provider-typebox';
import { findMetric, METRICS } from '@llm-monitor/contracts/stats';
import { readSeries, type SeriesOptions } from '@llm-monitor/read-model';
import { Type, type Static } from '@llm-monitor/contracts/typebox';

import { createRecentAnswers } from '../adapters/recent-answers.ts';
import { ProblemError } from '../problem.ts';
import { answers, JSON_TYPE } from './answers.ts';
import type { RouteContext } from './route-context.ts';
import { overTimeParameters, toOverTimeOptions } from './series-options.ts';

const FRESH_MS = 500;
const NAMES = METRICS.map(({ name }) => name).join(', ');

const SeriesQuery = Type.Object({
  metric: Type.Optional(
    Type.Enum(
      METRICS.map(({ name }) => name),
      { description: `one of ${NAMES}` },
    ),
  ),
  ...overTimeParameters,
});
type SeriesQuery = Static<typeof SeriesQuery>;

export const seriesRoutes: FastifyPluginCallbackTypebox<RouteContext> = (app, context, done) => {
  const { store, now, elapsedMs } = context;
  const recent = createRecentAnswers({ freshMs: FRESH_MS, maxKeys: 128, elapsedMs });
  app.get(
    '/api/series',
    {
      schema: {
        tags: ['figures'],
        summary: 'One metric over time',
        querystring: SeriesQuery,
        response: answers(
          'Points from old to new, `v` null where there is no value; the last step may not be over yet',
          Type.Ref('Series#'),
        ),
      },
    },
    (request, reply) => {
      const options = toSeriesOptions(request.query, now());
      void reply.header('content-type', JSON_TYPE);
      return recent.get(JSON.stringify(request.query), () => readSeries(store, options));
    },
  );
  done();
};

/** @throws a 400 that says what to ask instead */
function toSeriesOptions(query: SeriesQuery, nowMs: number): SeriesOptions {
  const { metric, model, app } = query;
  if (metric === undefined) {
    throw new ProblemError(400, 'Missing parameter', `Say which metric: one of ${NAMES}.`);
  }
  if (findMetric(metric)?.source === 'host' && (model !== undefined || app !== undefined)) {
    throw new ProblemError(
      400,
      'Bad parameter',
      `${metric} is a metric of machines: "model" and "app" do not apply to it. Leave them out, or choose another metric.`,
    );
  }
  return { metric, ...toOverTimeOptions(query, nowMs) };
}
