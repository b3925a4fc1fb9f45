import type { Context } from '../context.ts';
import { httpGet } from '../processes/http-get.ts';
import { shownAddress } from '../proxy/ollama-address.ts';
import { chooseUpstream, parseListenAddress } from '../proxy/proxy-address.ts';
import { DEFAULT_LISTEN } from '../proxy/plan-proxy.ts';
import { serverAnswers } from '../proxy/find-server.ts';
import type { ShownProxy, StackState } from '../stack/stack-state.ts';
import type { ModelReadings, OllamaReading } from './judge-models.ts';

const TIMEOUT_MS = 3000;

/** Asks Ollama, and each proxy of a stack that runs. */
export async function readModels(
  { env }: Context,
  state: StackState | undefined,
): Promise<ModelReadings> {
  const upstream = upstreamOf(env, state);
  const shown = [
    ...(state?.proxy ? [{ ...state.proxy, isOllama: true }] : []),
    ...(state?.proxies ?? []).map((proxy) => ({ ...proxy, isOllama: false })),
  ];
  const isOff = (env['PROXY_LISTEN'] ?? '').trim().toLowerCase() === 'off';
  return {
    address: shownAddress(upstream),
    ollama: await readOllama(upstream),
    ollamaHost: env['OLLAMA_HOST']?.trim() || undefined,
    proxies: await Promise.all(shown.map(readProxy)),
    proxyOff:
      state?.proxy || !state
        ? undefined
        : isOff
          ? 'it is off, as PROXY_LISTEN says.'
          : 'it does not run: its port was taken when the stack started.',
    isRunning: state !== undefined,
  };
}

/** Of a stack that runs, the server that it looks at. */
function upstreamOf(env: Context['env'], state: StackState | undefined): URL {
  if (state?.proxy) return new URL(`http://${state.proxy.upstream}`);
  try {
    const listen = parseListenAddress(env['PROXY_LISTEN']?.trim() || DEFAULT_LISTEN);
    return chooseUpstream(listen, { env });
  } catch {
    // That the setting cannot be meant is told beside it.
    return new URL('http://127.0.0.1:11434');
  }
}

async function readOllama(upstream: URL): Promise<OllamaReading> {
  const version = await read(new URL('/api/version', upstream));
  if (!version)
    return (await serverAnswers(upstream)) && upstream.protocol === 'http:'
      ? { version: undefined, models: undefined }
      : undefined;
  const tags = await read(new URL('/api/tags', upstream));
  const models = (tags?.body as { models?: unknown[] } | undefined)?.models;
  return {
    version: versionIn(version.body),
    models: Array.isArray(models) ? models.length : undefined,
  };
}

async function readProxy(
  proxy: ShownProxy & { isOllama: boolean },
): Promise<ModelReadings['proxies'][number]> {
  const [answer, upstreamAnswers] = await Promise.all([
    read(new URL(`http://${proxy.listen}/api/version`)),
    serverAnswers(new URL(`http://${proxy.upstream}`)),
  ]);
  const version = answer?.status === 200 ? versionIn(answer.body) : undefined;
  return { ...proxy, answers: answer !== undefined, version, upstreamAnswers };
}

async function read(url: URL): Promise<{ status: number; body: unknown } | undefined> {
  try {
    return await httpGet(url.href, { timeoutMs: TIMEOUT_MS });
  } catch {
    return undefined;
  }
}

function versionIn(body: unknown): string | undefined {
  const { version } = (body ?? {}) as { version?: unknown };
  return typeof version === 'string' ? version : undefined;
}
