import type { FastifyPluginCallbackTypebox } from '@fastify/type-provider-typebox';
import {
  ALERT_METRICS,
  otherDescriptions,
  READY_RULES,
  RULE_ID_PATTERN,
} from '@llm-monitor/contracts/alerts';
import { namesOfRules, readAlerts } from '@llm-monitor/read-model';
import { Type } from '@llm-monitor/contracts/typebox';

import { askForPreview } from '../../adapters/preview-asker.ts';
import { answers } from '../answers.ts';
import type { RouteContext } from '../route-context.ts';
import { ruleOf } from './rule-body.ts';

const PREVIEWED = 'preview';

const ListQuery = Type.Object({
  state: Type.Optional(
    Type.Enum(['firing', 'pending', 'resolved'], { description: 'firing, pending or resolved' }),
  ),
  rule: Type.Optional(Type.String({ pattern: RULE_ID_PATTERN, description: 'the id of a rule' })),
  limit: Type.Integer({
    ...{ minimum: 1, maximum: 500, default: 50 },
    description: '1 to 500, of those resolved',
  }),
});

/** What fires, what rules can look at, and what one would do. */
export const alertRoutes: FastifyPluginCallbackTypebox<RouteContext> = (app, context, done) => {
  const { store, bus, now } = context;
  app.get(
    '/api/alerts',
    {
      schema: {
        tags: ['alerts'],
        summary: 'What fires, what is pending, and what was resolved',
        querystring: ListQuery,
        response: answers(
          'The worst that fires first; of those resolved the newest first',
          Type.Ref('AlertList#'),
        ),
      },
    },
    (request) => {
      const { state, rule, limit } = request.query;
      return readAlerts(store, {
        ...{ nowMs: now(), limit },
        ...(state === undefined ? {} : { state }),
        ...(rule === undefined ? {} : { rule }),
      });
    },
  );

  app.get(
    '/api/alerts/metrics',
    {
      schema: {
        tags: ['alerts'],
        summary: 'What a rule can look at',
        querystring: Type.Object({}),
        response: answers('Every metric, with its unit', Type.Ref('AlertMetricList#')),
      },
    },
    () => ({
      metrics: ALERT_METRICS.map(({ name, unit, scopes, windowed, description }) => ({
        ...{ name, unit, scopes: [...scopes], windowed, description },
        descriptions: otherDescriptions(name) ?? {},
      })),
    }),
  );

  app.get(
    '/api/alerts/templates',
    {
      schema: {
        tags: ['alerts'],
        summary: 'Rules to begin with: those that are there at the first start',
        querystring: Type.Object({}),
        response: answers('As they are written', Type.Ref('AlertRuleList#')),
      },
    },
    () => ({ rules: READY_RULES, names: namesOfRules(READY_RULES) }),
  );

  app.post(
    '/api/alerts/preview',
    {
      schema: {
        tags: ['alerts'],
        summary: 'What a rule would do now; it is not kept',
        body: Type.Ref('AlertRule#'),
        querystring: Type.Object({}),
        response: answers('What it looks at, and whether it would fire', Type.Ref('AlertPreview#')),
      },
    },
    (request) => {
      const { id } = (request.body ?? {}) as { id?: unknown };
      return askForPreview(bus, ruleOf(request.body, typeof id === 'string' ? id : PREVIEWED));
    },
  );
  done();
};
