import { Readable } from 'node:stream';

import type { FastifyPluginCallbackTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';

import { exportCalls } from '../export/export-calls.ts';
import {
  EXPORT_FORMATS,
  type ExportFormat,
  type ExportFormatName,
} from '../export/export-formats.ts';
import { ProblemError } from '../problem.ts';
import { problemAnswer } from './answers.ts';
import { ExportQuery, toHistoryFilter } from './history-query.ts';
import type { RouteContext } from './route-context.ts';

/** Each walks the whole history: a few at once, so that those who look are still answered. */
const MAX_EXPORTS = 4;
const RETRY_AFTER_SECONDS = 5;
/** Who takes nothing for so long has left without a word, and must not keep others out. */
const IDLE_MS = 60_000;

const SUMMARIES: Record<ExportFormatName, string> = {
  csv: 'All calls that fit, as a table for spreadsheets',
  json: 'All calls that fit, as one JSON list',
  ndjson: 'All calls that fit, one JSON object a line',
};

const file = ({ mediaType }: ExportFormat) => ({
  200: {
    description:
      'The file, newest calls first, written while it is read. In CSV an apostrophe stands before what a spreadsheet would take for a formula.',
    content: { [mediaType]: { schema: Type.Unsafe<Readable>(Type.String()) } },
  },
  '4xx': problemAnswer('What is wrong, and what to do'),
  503: problemAnswer('Redis does not answer now, or too many exports run'),
});

export const exportRoutes: FastifyPluginCallbackTypebox<RouteContext> = (app, context, done) => {
  const { store, now, elapsedMs, exportIdleMs = IDLE_MS } = context;
  let running = 0;
  for (const name of Object.keys(EXPORT_FORMATS) as ExportFormatName[]) {
    const format = EXPORT_FORMATS[name];
    app.get(
      `/api/export.${name}`,
      {
        // It would read all of it to say nothing.
        exposeHeadRoute: false,
        schema: {
          tags: ['history'],
          summary: SUMMARIES[name],
          querystring: ExportQuery,
          response: file(format),
        },
      },
      (request, reply) => {
        const filter = toHistoryFilter(request.query);
        if (running >= MAX_EXPORTS) throw tooMany();
        running += 1;
        const idle = setTimeout(() => content.destroy(), exportIdleMs);
        const onTaken = () => void idle.refresh();
        const calls = exportCalls(store, { filter, format, elapsedMs, onTaken });
        const content = Readable.from(calls, { objectMode: false });
        content.once('close', () => {
          clearTimeout(idle);
          running -= 1;
        });
        const day = new Date(now()).toISOString().slice(0, 10);
        void reply
          .type(`${format.mediaType}; charset=utf-8`)
          .header('content-disposition', `attachment; filename="llm-monitor-${day}.${name}"`)
          .header('cache-control', 'no-store');
        return reply.send(content);
      },
    );
  }
  done();
};

function tooMany(): ProblemError {
  return new ProblemError(
    503,
    'Too many exports',
    `${MAX_EXPORTS} exports run already. Ask again when one has ended.`,
    { 'retry-after': String(RETRY_AFTER_SECONDS) },
  );
}
