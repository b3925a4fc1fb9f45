import type { RuleProblem } from '@llm-monitor/contracts/alerts';
import type { Problem } from '@llm-monitor/contracts/rest';

import { CliError } from '../cli-error.ts';
import { oneLine } from '../terminal/printable.ts';
import type { RunningStack } from './running-stack.ts';

const TIMEOUT_MS = 10_000;
const OPEN_TIMEOUT_MS = 30_000;
const LET_IN_TIMEOUT_MS = 3000;

/** An answer of the API of a running stack. */
export interface ApiAnswer<Body> {
  body: Body;
  /** The address of the next page, if there is one. */
  next: string | undefined;
}

interface AskOptions {
  method?: string;
  timeoutMs?: number;
  /** Sent as JSON, or as it is where `type` says what it is. */
  body?: unknown;
  type?: string;
}

/**
 * Asks the API.
 * @throws {CliError} with what it says, when it refuses or does not answer
 */
export async function askApi<Body>(
  stack: RunningStack,
  path: string,
  options: AskOptions = {},
): Promise<ApiAnswer<Body>> {
  const response = await send(stack, path, options);
  const body: unknown = await response.json().catch(() => undefined);
  if (!response.ok) throw refused(response.status, body as Partial<Problem> | undefined);
  const next = /^<([^>]+)>; rel="next"/.exec(response.headers.get('link') ?? '')?.[1];
  return { body: body as Body, next };
}

/**
 * Asks for what is read while it comes: only its beginning has to be there in time.
 * @throws {CliError} with what it says, when it refuses or does not answer
 */
export async function openApi(
  stack: RunningStack,
  path: string,
  stopped?: AbortSignal,
): Promise<Response> {
  const late = new AbortController();
  const timer = setTimeout(() => late.abort(), OPEN_TIMEOUT_MS);
  const signal = stopped ? AbortSignal.any([late.signal, stopped]) : late.signal;
  const response = await send(stack, path, { signal }).finally(() => clearTimeout(timer));
  if (response.ok) return response;
  throw refused(
    response.status,
    (await response.json().catch(() => undefined)) as Partial<Problem>,
  );
}

/**
 * Live data are refused without a word; the API says why. That it does not answer at all is no matter here: live data may come without it.
 * @throws {CliError} when it lets nobody in without a token
 */
export async function assertLetIn(stack: RunningStack): Promise<void> {
  const response = await send(stack, '/api/status', { timeoutMs: LET_IN_TIMEOUT_MS }).catch(
    () => undefined,
  );
  await response?.body?.cancel();
  if (response?.status === 401) throw refused(401, { title: 'The monitor asks for a token.' });
}

async function send(
  { webUrl, token, command }: RunningStack,
  path: string,
  {
    method = 'GET',
    timeoutMs = TIMEOUT_MS,
    signal = AbortSignal.timeout(timeoutMs),
    body,
    type,
  }: AskOptions & { signal?: AbortSignal },
): Promise<Response> {
  try {
    return await fetch(`${webUrl}${path}`, {
      method,
      headers: {
        ...(token ? { authorization: `Bearer ${token}` } : {}),
        ...(body === undefined ? {} : { 'content-type': type ?? 'application/json' }),
      },
      ...(body === undefined ? {} : { body: type ? String(body) : JSON.stringify(body) }),
      signal,
    });
  } catch (cause) {
    throw new CliError(`Nothing answers at ${webUrl}.`, {
      hint: `See what runs:  ${command} status`,
      cause,
    });
  }
}

function refused(status: number, problem: Partial<ApiProblem> | undefined): CliError {
  const { title = `The API answered ${status}`, detail, problems } = problem ?? {};
  if (status === 401) {
    return new CliError(title, { hint: 'Set LLM_MONITOR_TOKEN to the token of the monitor.' });
  }
  const hint = problems?.map(lineOf).join('\n') ?? detail;
  return new CliError(`${title}.`, hint === undefined ? {} : { hint });
}

/** An error of the API; of alert rules it names each thing that is wrong. */
type ApiProblem = Problem & { problems?: readonly RuleProblem[] };

const lineOf = ({ rule, field, detail }: RuleProblem): string =>
  oneLine([rule && `${rule}:`, field, detail].filter(Boolean).join(' '));
