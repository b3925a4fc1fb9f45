import { note, ok, problem, warning, type Finding } from './finding.ts';

/** What a server says of itself that speaks Ollama's protocol; undefined when none answers. */
export type OllamaReading = { version: string | undefined; models: number | undefined } | undefined;

/** The inference servers, and the proxies before them. */
export interface ModelReadings {
  /** Where Ollama is looked for, without credentials. */
  address: string;
  ollama: OllamaReading;
  /** What the shell says: `OLLAMA_HOST`. */
  ollamaHost: string | undefined;
  proxies: readonly {
    listen: string;
    upstream: string;
    /** Something answers on the port of the proxy, and what it says of its version. */
    answers: boolean;
    version: string | undefined;
    /** The server behind it answers when it is asked itself. */
    upstreamAnswers: boolean;
    isOllama: boolean;
  }[];
  proxyOff: string | undefined;
  isRunning: boolean;
}

export function judgeModels(readings: ModelReadings): Finding[] {
  return [
    judgeOllama(readings),
    ...judgeHostSetting(readings),
    ...(readings.isRunning ? judgeProxies(readings) : []),
  ];
}

function judgeOllama({ address, ollama }: ModelReadings): Finding {
  if (!ollama) {
    return warning(
      'Ollama',
      `none answers at ${address}.`,
      'Start it (ollama serve), or say where it is: OLLAMA_URL=http://host:11434',
    );
  }
  const version = ollama.version ?? 'of unknown version';
  if (ollama.models === undefined) {
    return note('Ollama', `something answers at ${address}, but it is no Ollama.`);
  }
  const models = `${ollama.models} ${ollama.models === 1 ? 'model' : 'models'}`;
  if (ollama.models > 0) return ok('Ollama', `${version} at ${address}, ${models}`);
  return note('Ollama', `${version} at ${address} has no model yet.`, 'ollama pull llama3.2');
}

/** The variable says where a server listens and where programs call it, which is not the same. */
function judgeHostSetting({ ollamaHost, proxies }: ModelReadings): Finding[] {
  if (!ollamaHost) return [];
  if (/^(https?:\/\/)?(0\.0\.0\.0|\[?::\]?)(:|$)/.test(ollamaHost)) {
    return [
      warning(
        'OLLAMA_HOST',
        `${ollamaHost} lets a server listen to the whole network, without a password; some programs cannot call that address.`,
        'Set it for the server alone, if others need it; else OLLAMA_HOST=127.0.0.1:11434',
      ),
    ];
  }
  const isProxy = proxies.some(({ listen, isOllama }) => isOllama && ollamaHost.includes(listen));
  if (!isProxy) return [];
  return [note('OLLAMA_HOST', `${ollamaHost} is the proxy: calls of this shell are seen.`)];
}

function judgeProxies({ proxies, proxyOff }: ModelReadings): Finding[] {
  return [
    ...(proxyOff ? [note('Proxy', proxyOff)] : []),
    ...proxies.map(({ listen, upstream, answers, upstreamAnswers, version, isOllama }) => {
      const way = `${listen} → ${upstream}`;
      if (!answers) {
        return problem(
          'Proxy',
          `${way} does not answer: calls through it fail.`,
          'See why:  logs agent',
        );
      }
      if (!upstreamAnswers) {
        return warning(
          'Proxy',
          `${way}: nothing is behind it, so calls through it fail.`,
          `Start the server at ${upstream}.`,
        );
      }
      if (isOllama && version === undefined) {
        return warning('Proxy', `${way}: what is behind it does not speak as Ollama does.`);
      }
      return ok('Proxy', `${way}${version ? `, Ollama ${version} behind it` : ''}`);
    }),
  ];
}
