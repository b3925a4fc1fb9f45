import type { FastifyPluginCallbackTypebox } from '@fastify/type-provider-typebox';
import { findMetric, METRICS } from '@llm-monitor/contracts/stats';
import {
  defaultStepSeconds,
  readSeries,
  shortestStepSeconds,
  type SeriesOptions,
} from '@llm-monitor/read-model';
import { Type, type Static } from 'typebox';

import { createRecentAnswers } from '../adapters/recent-answers.ts';
import { badParameter, ProblemError } from '../problem.ts';
import { answers, JSON_TYPE } from './answers.ts';
import {
  demoParameter,
  nameParameter,
  rangeParameter,
  toDemoFilter,
  toRangeMs,
} from './parameters.ts';
import type { RouteContext } from './route-context.ts';

const FRESH_MS = 500;
const DEFAULT_RANGE = '1h';
const NAMES = METRICS.map(({ name }) => name).join(', ');

const SeriesQuery = Type.Object({
  metric: Type.Optional(
    Type.Enum(
      METRICS.map(({ name }) => name),
      { description: `one of ${NAMES}` },
    ),
  ),
  range: rangeParameter,
  step: Type.Optional(
    Type.Integer({
      minimum: 60,
      maximum: 86_400,
      multipleOf: 60,
      description:
        'whole minutes, in seconds, from 60 to 86400; whole hours for a range over 48 h. By default about 180 points',
    }),
  ),
  model: nameParameter('the name of a model'),
  app: nameParameter('the name of an app'),
  host: nameParameter('the name of a machine'),
  demo: demoParameter,
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
          'Points from old to new, `v` null where there is no value; the last step is not over yet',
          Type.Ref('Series#'),
        ),
      },
    },
    (request, reply) => {
      const options = toSeriesOptions(request.query);
      void reply.header('content-type', JSON_TYPE);
      return recent.get(JSON.stringify(options), () =>
        readSeries(store, { ...options, nowMs: now() }),
      );
    },
  );
  done();
};

/** @throws a 400 that says what to ask instead */
export function toSeriesOptions(query: SeriesQuery): Omit<SeriesOptions, 'nowMs'> {
  const { metric, model, app, host } = query;
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
  const rangeMs = toRangeMs(query.range ?? DEFAULT_RANGE);
  const stepSeconds = query.step ?? defaultStepSeconds(rangeMs);
  if (stepSeconds % shortestStepSeconds(rangeMs) !== 0) {
    throw badParameter('step', String(stepSeconds), 'a multiple of 3600 for a range over 48 h');
  }
  return {
    metric,
    rangeMs,
    stepSeconds,
    demo: toDemoFilter(query.demo),
    ...(model === undefined ? {} : { model }),
    ...(app === undefined ? {} : { app }),
    ...(host === undefined ? {} : { host }),
  };
}
