import type { FastifyPluginAsync } from 'fastify';

import type { StoreGuard } from '../adapters/store-guard.ts';
import type { Gates } from '../plugins/gates.ts';
import { ProblemError } from '../problem.ts';
import { activeRoutes } from './active.ts';
import { alertChannelRoutes } from './alert-channels.ts';
import { alertRoutes } from './alerts/alerts.ts';
import { alertRuleRoutes } from './alerts/alert-rules.ts';
import { appRoutes } from './apps.ts';
import { botRoutes } from './bots.ts';
import { cancelRoutes } from './cancel.ts';
import { costSettingRoutes } from './cost-settings.ts';
import { deadLetterRoutes } from './dead-letters.ts';
import { deletionRoutes } from './deletions.ts';
import { demoRoutes } from './demo.ts';
import { eventRoutes } from './events.ts';
import { exportRoutes } from './exports.ts';
import { facetRoutes } from './facets.ts';
import { hostRoutes } from './hosts.ts';
import { metricsRoutes } from './metrics.ts';
import { modelRoutes } from './models.ts';
import { pipelineRoutes } from './pipeline.ts';
import { requestRoutes } from './requests.ts';
import { seriesRoutes } from './series.ts';
import { statsRoutes } from './stats.ts';
import { statusRoutes } from './status.ts';
import { trendRoutes } from './trends.ts';
import type { RouteContext } from './route-context.ts';

/** All that is answered from Redis or NATS, while both are what this service is configured for. */
export const apiRoutes: FastifyPluginAsync<
  RouteContext & { guard: StoreGuard; gates: Gates }
> = async (app, context) => {
  context.gates.install(app, {
    refuse() {
      const { problem } = context.guard;
      return problem === undefined
        ? undefined
        : new ProblemError(503, 'Wrong configuration', problem);
    },
  });
  await app.register(statusRoutes, context);
  await app.register(activeRoutes, context);
  await app.register(requestRoutes, context);
  await app.register(eventRoutes, context);
  await app.register(exportRoutes, context);
  await app.register(cancelRoutes, context);
  await app.register(deletionRoutes, context);
  await app.register(demoRoutes, context);
  await app.register(modelRoutes, context);
  await app.register(appRoutes, context);
  await app.register(statsRoutes, context);
  await app.register(seriesRoutes, context);
  await app.register(trendRoutes, context);
  await app.register(facetRoutes, context);
  await app.register(costSettingRoutes, context);
  await app.register(hostRoutes, context);
  await app.register(botRoutes, context);
  await app.register(pipelineRoutes, context);
  await app.register(deadLetterRoutes, context);
  await app.register(alertChannelRoutes, context);
  await app.register(metricsRoutes, context);
  await app.register(alertRoutes, context);
  await app.register(alertRuleRoutes, context);
};
