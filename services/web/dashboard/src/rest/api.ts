import type { RuleProblem } from '@llm-monitor/contracts/alerts';
import type {
  AnyRequest,
  Bot,
  BotDetails,
  CancelResult,
  CostSettings,
  DeadLetter,
  DeadLetterRetry,
  Deletion,
  DemoState,
  EndedRequest,
  Pipeline,
  Facets,
  Problem,
  Stats,
  Trends,
} from '@llm-monitor/contracts/rest';

const PATIENCE_MS = 15_000;

/** Some ended calls, newest first. */
export interface CallPage {
  calls: EndedRequest[];
  /** Where to go on; null when nothing older is left. A page may be short, or empty, though there is more: a long search was cut. */
  cursor: string | null;
}

/** What the REST API is asked for, beside the live data. */
export interface Api {
  /** @throws {ApiError} 404 when no such call is kept */
  readRequest(id: string, signal: AbortSignal): Promise<AnyRequest>;
  /** `query`: parameters of `GET /api/requests`. @throws {ApiError} */
  readCalls(query: string, signal: AbortSignal): Promise<CallPage>;
  /** `query`: parameters of `GET /api/trends`. @throws {ApiError} */
  readTrends(query: string, signal: AbortSignal): Promise<Trends>;
  /** `query`: parameters of `GET /api/stats`. @throws {ApiError} */
  readStats(query: string, signal: AbortSignal): Promise<Stats>;
  /** `query`: parameters of `GET /api/facets`. @throws {ApiError} */
  readFacets(query: string, signal: AbortSignal): Promise<Facets>;
  /** @throws {ApiError} */
  readBots(signal: AbortSignal): Promise<Bot[]>;
  /** `query`: parameters of `GET /api/bots/:name`. @throws {ApiError} 404 when there is none of that name */
  readBot(name: string, query: string, signal: AbortSignal): Promise<BotDetails>;
  /** @throws {ApiError} */
  cancelRequest(call: { id: string; app: string }): Promise<CancelResult>;
  /** From the beginning, or from where an answer stopped. @throws {ApiError} */
  deleteRequest(call: { id: string; app: string }, cursor: string | null): Promise<Deletion>;
  /** @throws {ApiError} */
  readPrices(signal: AbortSignal): Promise<CostSettings>;
  /** @throws {ApiError} */
  writePrices(settings: CostSettings): Promise<CostSettings>;
  /** @throws {ApiError} */
  startDemo(): Promise<DemoState>;
  /** @throws {ApiError} 404 where no demo was started from a page */
  stopDemo(): Promise<DemoState>;
  /** @throws {ApiError} */
  readPipeline(signal: AbortSignal): Promise<Pipeline>;
  /** The newest, or those older than a letter. @throws {ApiError} */
  readDeadLetters(before: number | null): Promise<DeadLetter[]>;
  /** @throws {ApiError} */
  retryDeadLetter(sequence: number): Promise<DeadLetterRetry>;
  /** @throws {ApiError} */
  removeDeadLetter(sequence: number): Promise<null>;
}

/** An answer that is none, with what it said of itself. `status` is 0 where nobody answered. */
export class ApiError extends Error {
  override name = 'ApiError';
  readonly status: number;
  /** What was refused of alert rules, field by field. */
  readonly problems: readonly RuleProblem[];

  constructor(
    status: number,
    message: string,
    options: ErrorOptions & { problems?: readonly RuleProblem[] | undefined } = {},
  ) {
    super(message, options);
    this.status = status;
    this.problems = options.problems ?? [];
  }
}

/** Why something could not be done, for people. */
export const reasonOf = (error: unknown): string =>
  error instanceof Error ? error.message : String(error);

/** The body of an answer, and its headers. @throws {ApiError} */
export async function askWhole<Answer>(
  fetch: typeof window.fetch,
  path: string,
  init: RequestInit,
): Promise<{ body: Answer; headers: Headers }> {
  const response = await fetch(path, { ...init, headers: headersOf(init) }).catch(
    (cause: unknown) => {
      throw new ApiError(0, reasonOf(cause), { cause });
    },
  );
  const body: unknown = await response.json().catch(() => null);
  if (response.ok) return { body: body as Answer, headers: response.headers };
  const { title, detail, details, problems } = (body ?? {}) as Partial<
    Problem & { problems: RuleProblem[] }
  >;
  const said = details?.[globalThis.document?.documentElement.lang ?? ''] ?? detail;
  throw new ApiError(response.status, said || title || response.statusText, { problems });
}

export function createApi(fetch: typeof window.fetch): Api {
  const ask = async <Answer>(path: string, init: RequestInit) =>
    (await askWhole<Answer>(fetch, path, init)).body;
  const requestPath = (id: string) => `/api/requests/${encodeURIComponent(id)}`;
  return {
    readRequest: (id, signal) => ask(requestPath(id), { signal }),
    async readCalls(query, signal) {
      const path = `/api/requests?${query}`;
      const { body, headers } = await askWhole<EndedRequest[]>(fetch, path, { signal });
      const [, next] = /^<[^>]*\?([^>]*)>; rel="next"/.exec(headers.get('link') ?? '') ?? [];
      return { calls: body, cursor: new URLSearchParams(next).get('cursor') };
    },
    readTrends: (query, signal) => ask(`/api/trends?${query}`, { signal }),
    readStats: (query, signal) => ask(`/api/stats?${query}`, { signal }),
    readFacets: (query, signal) => ask(`/api/facets?${query}`, { signal }),
    readBots: (signal) => ask('/api/bots', { signal }),
    readBot: (name, query, signal) =>
      ask(`/api/bots/${encodeURIComponent(name)}?${query}`, { signal }),
    cancelRequest: ({ id, app }) =>
      ask(`${requestPath(id)}/cancel?app=${encodeURIComponent(app)}`, {
        method: 'POST',
        body: JSON.stringify({ by: 'dashboard' }),
        signal: AbortSignal.timeout(PATIENCE_MS),
      }),
    deleteRequest: ({ id, app }, cursor) =>
      ask(
        `${requestPath(id)}?${new URLSearchParams({ app, ...(cursor === null ? {} : { cursor }) }).toString()}`,
        { method: 'DELETE', signal: AbortSignal.timeout(PATIENCE_MS) },
      ),
    readPrices: (signal) => ask('/api/settings/costs', { signal }),
    writePrices: (settings) =>
      ask('/api/settings/costs', {
        ...{ method: 'PUT', body: JSON.stringify(settings) },
        signal: AbortSignal.timeout(PATIENCE_MS),
      }),
    startDemo: () =>
      ask('/api/demo/start', { method: 'POST', signal: AbortSignal.timeout(PATIENCE_MS) }),
    stopDemo: () =>
      ask('/api/demo/stop', { method: 'POST', signal: AbortSignal.timeout(PATIENCE_MS) }),
    readPipeline: (signal) => ask('/api/pipeline', { signal }),
    readDeadLetters: (before) =>
      ask(`/api/dead-letters?limit=20${before === null ? '' : `&before=${before}`}`, {
        signal: AbortSignal.timeout(PATIENCE_MS),
      }),
    retryDeadLetter: (sequence) =>
      ask(`/api/dead-letters/${sequence}/retry`, {
        method: 'POST',
        signal: AbortSignal.timeout(PATIENCE_MS),
      }),
    removeDeadLetter: (sequence) =>
      ask(`/api/dead-letters/${sequence}`, {
        method: 'DELETE',
        signal: AbortSignal.timeout(PATIENCE_MS),
      }),
  };
}

function headersOf({ body, headers }: RequestInit): HeadersInit {
  const sent = body === undefined ? {} : { 'content-type': 'application/json' };
  return { accept: 'application/json', ...sent, ...(headers as Record<string, string>) };
}
