import { Readable } from 'node:stream';

import type { FastifyReply } from 'fastify';
import { Type, type TSchema } from '@llm-monitor/contracts/typebox';

import {
  EXPORT_MEDIA_TYPES,
  type ExportFormat,
  type ExportFormatName,
} from '../export/export-formats.ts';
import { writeExport } from '../export/write-export.ts';
import { ProblemError } from '../problem.ts';
import { problemAnswer } from './answers.ts';

/** Each may walk all that is kept: a few at once, so that those who look are still answered. */
const MAX_EXPORTS = 4;
const RETRY_AFTER_SECONDS = 5;
/** Who takes nothing for so long has left without a word, and must not keep others out. */
const IDLE_MS = 60_000;

/** Hands out files that are written while they are read, a few at a time. */
export interface ExportDesk {
  /** @param name of the file, without its end */
  send<Row>(
    reply: FastifyReply,
    file: {
      name: string;
      formatName: ExportFormatName;
      format: ExportFormat<Row>;
      pages: AsyncIterable<readonly Row[]>;
    },
  ): FastifyReply;
}

export function createExportDesk(options: { idleMs?: number; now(): number }): ExportDesk {
  const { idleMs = IDLE_MS, now } = options;
  let running = 0;
  return {
    send(reply, { name, formatName, format, pages }) {
      if (running >= MAX_EXPORTS) throw tooMany();
      running += 1;
      const idle = setTimeout(() => content.destroy(), idleMs);
      const bytes = writeExport(pages, format, () => void idle.refresh());
      const content = Readable.from(bytes, { objectMode: false });
      content.once('close', () => {
        clearTimeout(idle);
        running -= 1;
      });
      const day = new Date(now()).toISOString().slice(0, 10);
      return reply
        .type(`${format.mediaType}; charset=utf-8`)
        .header('content-disposition', `attachment; filename="${name}-${day}.${formatName}"`)
        .header('cache-control', 'no-store')
        .send(content);
    },
  };
}

/**
 * The answers of a route that hands out a file, for the OpenAPI document.
 * @param row what one row is, where the file is a list in JSON
 */
export const fileAnswers = (formatName: ExportFormatName, order: string, row: TSchema) => ({
  200: {
    description: `The file, ${order}, written while it is read. In CSV an apostrophe stands before what a spreadsheet would take for a formula.`,
    content: {
      [EXPORT_MEDIA_TYPES[formatName]]: {
        schema: Type.Unsafe<unknown>(formatName === 'json' ? Type.Array(row) : Type.String()),
      },
    },
  },
  '4xx': problemAnswer('What is wrong, and what to do'),
  503: problemAnswer('Redis does not answer now, or too many exports run'),
});

function tooMany(): ProblemError {
  return new ProblemError(
    503,
    'Too many exports',
    `${MAX_EXPORTS} exports run already. Ask again when one has ended.`,
    { 'retry-after': String(RETRY_AFTER_SECONDS) },
  );
}
