import { CliError } from '../cli-error.ts';
import type { Context } from '../context.ts';
import { writeWhole } from '../home/write-whole.ts';
import { exportParameters, type ExportChoice } from '../query/history-path.ts';
import { formatBytes } from '../terminal/format.ts';
import { notWritten, placeOf } from './place-of.ts';
import { readFileOf } from './read-file-of.ts';
import { findRunningStack } from './running-stack.ts';

export const EXPORT_FORMATS = ['csv', 'json', 'ndjson'] as const;
/** What can be exported, and the route that gives it. */
const ROUTES = {
  requests: '/api/export',
  rollups: '/api/export/rollups',
  series: '/api/export/series',
} as const;
export type ExportSubject = keyof typeof ROUTES;

export interface ExportOptions extends ExportChoice {
  format: (typeof EXPORT_FORMATS)[number];
  out?: string;
  overwrite?: boolean;
}

const INTERRUPTED = 130;
const SHOW_EVERY_MS = 200;

/** `export`: streams a file of the API, whose size costs no memory. */
export async function exportFile(
  context: Context,
  subject: ExportSubject,
  options: ExportOptions,
): Promise<number> {
  const { terminal } = context;
  const { format, out } = options;
  const stack = await findRunningStack(context);
  const parameters = exportParameters(options, Date.now());
  const path = out === undefined ? undefined : placeOf(out, options.overwrite ?? false);
  const { stopped } = context.catchSignals();
  const address = `${ROUTES[subject]}.${format}?${parameters.toString()}`;
  const pieces = readFileOf(stack, address, stopped);
  try {
    const bytes = await (path === undefined
      ? copyOut(context, pieces)
      : writeWhole(path, pieces, { onProgress: shower(context), stopped }));
    terminal.redraw(undefined);
    if (bytes === undefined) return 0;
    if (stopped.aborted) return INTERRUPTED;
    if (path !== undefined) terminal.printError(`Wrote ${path} (${formatBytes(bytes)}).`);
    return 0;
  } catch (error) {
    terminal.redraw(undefined);
    if (!stopped.aborted)
      throw isOfFile(error) && path !== undefined ? notWritten(error, path) : error;
    terminal.printError('Stopped. Nothing was written.');
    return INTERRUPTED;
  }
}

/** @returns its bytes; undefined when whoever read it has left */
async function copyOut(
  { terminal }: Context,
  pieces: AsyncIterable<Uint8Array>,
): Promise<number | undefined> {
  let bytes = 0;
  for await (const piece of pieces) {
    if (!(await terminal.write(piece))) return undefined;
    bytes += piece.byteLength;
  }
  // Who leaves may be noticed while nothing is written.
  return (await terminal.write('')) ? bytes : undefined;
}

function shower({ terminal }: Context): (bytes: number) => void {
  let shownAtMs = 0;
  return (bytes) => {
    const nowMs = performance.now();
    if (nowMs - shownAtMs < SHOW_EVERY_MS) return;
    shownAtMs = nowMs;
    terminal.redraw(`${formatBytes(bytes)} …`);
  };
}

/** Of the file, not of what was to stand in it. */
const isOfFile = (error: unknown): boolean =>
  !(error instanceof CliError) && (error as NodeJS.ErrnoException).code !== undefined;
