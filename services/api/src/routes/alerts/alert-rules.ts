import type { FastifyPluginCallbackTypebox } from '@fastify/type-provider-typebox';
import { MAX_RULES_BYTES, RULE_ID_PATTERN } from '@llm-monitor/contracts/alerts';
import { namesOfRules, readAlertRules } from '@llm-monitor/read-model';
import { Type } from '@llm-monitor/contracts/typebox';

import { removeRule, replaceRules, writeRule } from '../../adapters/rule-store.ts';
import { ProblemError } from '../../problem.ts';
import { answers, goneAnswers } from '../answers.ts';
import type { RouteContext } from '../route-context.ts';
import { ruleOf, rulesOf, takeYaml, toYaml, YAML_TYPE } from './rule-body.ts';

const RULE_ID = new RegExp(RULE_ID_PATTERN);
const OneRule = Type.Object({ id: Type.String({ pattern: RULE_ID_PATTERN }) });
const DryRun = Type.Object({
  dryRun: Type.Optional(
    Type.Enum(['true', 'false'], { description: 'true (change nothing, say what would) or false' }),
  ),
});
const WRONG =
  'What is wrong is in `problems`: which rule, which field, and what is allowed there. Then nothing is changed.';

/** The rules: read by all, set by operators. */
export const alertRuleRoutes: FastifyPluginCallbackTypebox<RouteContext> = (app, context, done) => {
  const { store } = context;
  // A foreign page can send text without asking first. JSON and YAML it cannot.
  app.removeContentTypeParser('text/plain');
  takeYaml(app);

  app.get(
    '/api/alerts/rules',
    {
      schema: {
        tags: ['alerts'],
        summary: 'All rules',
        querystring: Type.Object({}),
        response: answers('By name', Type.Ref('AlertRuleList#')),
      },
    },
    async () => {
      const rules = await readAlertRules(store);
      return { rules, names: namesOfRules(rules) };
    },
  );

  app.get(
    '/api/alerts/rules.yaml',
    {
      schema: {
        tags: ['alerts'],
        summary: 'All rules as a file, to be kept, changed and set again',
        querystring: Type.Object({}),
        response: {
          ...answers('', Type.Null()),
          200: {
            description: 'YAML',
            content: { [YAML_TYPE]: { schema: Type.String() } },
          },
        },
      },
    },
    async (_request, reply) => {
      const yaml = toYaml(await readAlertRules(store));
      return reply
        .type(`${YAML_TYPE}; charset=utf-8`)
        .header('content-disposition', 'attachment; filename="alert-rules.yaml"')
        .serializer(String)
        .send(yaml);
    },
  );

  app.put(
    '/api/alerts/rules',
    {
      bodyLimit: MAX_RULES_BYTES,
      schema: {
        tags: ['alerts'],
        summary: 'Set all rules: those that are not in the list are removed',
        description: `JSON, or YAML with \`Content-Type: application/yaml\`. ${WRONG}`,
        querystring: DryRun,
        body: Type.Ref('AlertRuleList#'),
        response: answers('What changed', Type.Ref('AlertRuleChange#')),
      },
    },
    async (request) => {
      const rules = rulesOf(request.body);
      const change = await replaceRules(store, rules, request.query.dryRun === 'true');
      const { rules: _rules, ...ids } = change;
      if (!change.dryRun) request.log.info(ids, 'alert rules were set');
      return change;
    },
  );

  app.put(
    '/api/alerts/rules/:id',
    {
      schema: {
        tags: ['alerts'],
        summary: 'Add a rule, or change it',
        description: WRONG,
        params: OneRule,
        querystring: DryRun,
        body: Type.Ref('AlertRule#'),
        response: answers('What changed', Type.Ref('AlertRuleChange#')),
      },
    },
    async (request) => {
      const rule = ruleOf(request.body, request.params.id);
      const change = await writeRule(store, rule, request.query.dryRun === 'true');
      if (!change.dryRun) request.log.info({ rule: rule.id }, 'an alert rule was set');
      return change;
    },
  );

  app.delete(
    '/api/alerts/rules/:id',
    {
      schema: {
        tags: ['alerts'],
        summary: 'Remove a rule; what it found is over',
        params: OneRule,
        querystring: Type.Object({}),
        response: goneAnswers,
      },
    },
    async (request, reply) => {
      const { id } = request.params;
      if (!RULE_ID.test(id) || !(await removeRule(store, id))) throw noSuchRule(id);
      request.log.info({ rule: id }, 'an alert rule was removed');
      return reply.code(204).send(null);
    },
  );
  done();
};

function noSuchRule(id: string): ProblemError {
  return new ProblemError(404, 'No such rule', {
    en: `There is no alert rule "${id.slice(0, 64)}". GET /api/alerts/rules lists them.`,
    it: `Non c’è una regola "${id.slice(0, 64)}": forse è stata eliminata altrove.`,
  });
}
