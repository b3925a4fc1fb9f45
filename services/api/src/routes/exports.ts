import type { FastifyPluginCallbackTypebox } from '@fastify/type-provider-typebox';
import { Type } from '@llm-monitor/contracts/typebox';
import { readTrends, rollupPages } from '@llm-monitor/read-model';

import { CALL_COLUMNS } from '../export/call-columns.ts';
import { callPages } from '../export/call-pages.ts';
import {
  createExportFormat,
  EXPORT_FORMAT_NAMES,
  type ExportFormatName,
} from '../export/export-formats.ts';
import { ROLLUP_COLUMNS } from '../export/rollup-columns.ts';
import { seriesColumns, seriesSteps } from '../export/series-columns.ts';
import { createExportDesk, fileAnswers } from './export-desk.ts';
import { ExportQuery, toHistoryFilter } from './history-query.ts';
import { RollupsQuery, toRollupQuery } from './rollups-query.ts';
import type { RouteContext } from './route-context.ts';
import { toOverTimeOptions } from './series-options.ts';
import { toMetrics, TrendsQuery } from './trends.ts';

/** When a row begins, and its columns. */
const Step = Type.Object({ start: Type.String({ format: 'date-time' }) });

const AS: Record<ExportFormatName, string> = {
  csv: 'as a table for spreadsheets',
  json: 'as one JSON list',
  ndjson: 'one JSON object a line',
};

export const exportRoutes: FastifyPluginCallbackTypebox<RouteContext> = (app, context, done) => {
  const { store, now, elapsedMs } = context;
  const desk = createExportDesk({
    now,
    ...(context.exportIdleMs === undefined ? {} : { idleMs: context.exportIdleMs }),
  });
  for (const formatName of EXPORT_FORMAT_NAMES) {
    // It would read all of it to say nothing.
    const exposeHeadRoute = false;
    const calls = createExportFormat(formatName, CALL_COLUMNS, (call) => call);
    const rollups = createExportFormat(formatName, ROLLUP_COLUMNS);
    app.get(
      `/api/export.${formatName}`,
      {
        exposeHeadRoute,
        schema: {
          tags: ['history'],
          summary: `All calls that fit, ${AS[formatName]}`,
          querystring: ExportQuery,
          response: fileAnswers(formatName, 'newest calls first', Type.Ref('EndedRequest#')),
        },
      },
      (request, reply) => {
        const pages = callPages(store, { filter: toHistoryFilter(request.query), elapsedMs });
        return desk.send(reply, { name: 'llm-monitor', formatName, format: calls, pages });
      },
    );
    app.get(
      `/api/export/rollups.${formatName}`,
      {
        exposeHeadRoute,
        schema: {
          tags: ['figures'],
          summary: `Counts, sums and percentiles of each minute or hour, model, app and machine, ${AS[formatName]}`,
          description:
            'Counts and sums can be added up; percentiles, within 2 %, cannot. Times are seconds.',
          querystring: RollupsQuery,
          response: fileAnswers(formatName, 'oldest first', Step),
        },
      },
      (request, reply) => {
        const pages = rollupPages(store, toRollupQuery(request.query, now()));
        const name = 'llm-monitor-rollups';
        return desk.send(reply, { name, formatName, format: rollups, pages });
      },
    );
    app.get(
      `/api/export/series.${formatName}`,
      {
        exposeHeadRoute,
        schema: {
          tags: ['figures'],
          summary: `Several metrics over time, ${AS[formatName]}`,
          description: 'What /api/trends tells, a row a step and a column a metric.',
          querystring: TrendsQuery,
          response: fileAnswers(formatName, 'oldest step first', Step),
        },
      },
      async (request, reply) => {
        const metrics = toMetrics(request.query.metrics);
        const options = toOverTimeOptions(request.query, now());
        const trends = await readTrends(store, { metrics, ...options });
        const format = createExportFormat(formatName, seriesColumns(metrics));
        const name = 'llm-monitor-series';
        return desk.send(reply, { name, formatName, format, pages: once(seriesSteps(trends)) });
      },
    );
  }
  done();
};

/** There are no more steps than a chart can show. */
async function* once<Row>(rows: Row[]): AsyncGenerator<Row[], void> {
  yield rows;
}
