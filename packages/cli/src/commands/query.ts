import type { AnyRequest, EndedRequest } from '@llm-monitor/contracts/rest';

import type { Context } from '../context.ts';
import { formatCall } from '../query/call-sheet.ts';
import { formatCalls } from '../query/calls-table.ts';
import { firstRecords } from '../query/first-records.ts';
import { historyParameters, type HistoryChoice } from '../query/history-path.ts';
import { jsonLine } from '../terminal/printable.ts';
import { askApi, type ApiAnswer } from './ask-api.ts';
import { readTextOf } from './read-file-of.ts';
import { findRunningStack, type RunningStack } from './running-stack.ts';

const PAGE = 500;

export interface QueryOptions extends HistoryChoice {
  limit: number;
  json?: boolean;
  csv?: boolean;
}

/** `query`: calls that ended, newest first. */
export async function query(context: Context, options: QueryOptions): Promise<number> {
  const stack = await findRunningStack(context);
  const parameters = historyParameters(options, Date.now());
  if (options.csv) return await writeCsv(context, stack, { parameters, limit: options.limit });
  const pages = readPages(stack, { parameters, limit: options.limit });
  if (options.json) return await writeJson(context, pages);
  const calls: EndedRequest[] = [];
  let hasMore = false;
  for await (const page of pages) {
    calls.push(...page.calls);
    ({ hasMore } = page);
  }
  const { terminal } = context;
  if (calls.length === 0) {
    terminal.print('No call that ended fits.');
    return 0;
  }
  terminal.print(formatCalls(calls, { style: terminal.style, columns: terminal.columns() }));
  if (hasMore) {
    terminal.printError(
      terminal.style.dim(
        `\nThe newest ${calls.length}; there may be more:  --limit ${calls.length * 10}`,
      ),
    );
  }
  return 0;
}

/** `query <id>`: one call in full, running or ended. */
export async function queryOne(
  context: Context,
  id: string,
  options: { app?: string | undefined; json?: boolean },
): Promise<number> {
  const { terminal } = context;
  const stack = await findRunningStack(context);
  const whose = options.app === undefined ? '' : `?app=${encodeURIComponent(options.app)}`;
  const { body } = await askApi<AnyRequest>(
    stack,
    `/api/requests/${encodeURIComponent(id)}${whose}`,
  );
  terminal.print(options.json ? jsonLine(body) : formatCall(body, terminal.style));
  return 0;
}

interface CallPage {
  calls: EndedRequest[];
  hasMore: boolean;
}

/** Page after page up to the limit. A page may be short, or empty, and yet have another behind it. */
async function* readPages(
  stack: RunningStack,
  { parameters, limit }: { parameters: URLSearchParams; limit: number },
): AsyncGenerator<CallPage, void> {
  parameters.set('limit', String(Math.min(limit, PAGE)));
  let path: string | undefined = `/api/requests?${parameters.toString()}`;
  let left = limit;
  while (path !== undefined && left > 0) {
    const { body, next }: ApiAnswer<EndedRequest[]> = await askApi(stack, path);
    const calls = body.slice(0, left);
    left -= calls.length;
    yield { calls, hasMore: next !== undefined || body.length > calls.length };
    path = next;
  }
}

async function writeJson({ terminal }: Context, pages: AsyncIterable<CallPage>): Promise<number> {
  let isFirst = true;
  for await (const { calls } of pages) {
    for (const call of calls) {
      await terminal.write(`${isFirst ? '[\n' : ',\n'}${jsonLine(call)}`);
      isFirst = false;
    }
  }
  await terminal.write(isFirst ? '[]\n' : '\n]\n');
  return 0;
}

/** The beginning of the export of the same calls: the columns are the same. */
async function writeCsv(
  { terminal }: Context,
  stack: RunningStack,
  { parameters, limit }: { parameters: URLSearchParams; limit: number },
): Promise<number> {
  const pieces = readTextOf(stack, `/api/export.csv?${parameters.toString()}`);
  for await (const piece of firstRecords(pieces, limit)) await terminal.write(piece);
  return 0;
}
