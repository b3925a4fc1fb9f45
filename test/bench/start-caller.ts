import { fork } from 'node:child_process';
import { once } from 'node:events';

import { projectRoot } from '../helpers/project-root.ts';

/** A way of making calls: an SDK and what looks at it. */
export interface Contender {
  sdk: 'ollama' | 'openai';
  instrument: string;
}

/** What a program is asked: calls one directly after the other, or with a turn of its loop before each, or a rest before every so many. */
export interface BlockOfCalls {
  chunks: number;
  calls: number;
  transport: 'memory' | 'http';
  restMs?: number;
  /** By default before each. */
  restEvery?: number;
}

/** What calls took: the time of each, and CPU of the whole process a call, with everything sent. */
export interface Block {
  wallUs: number[];
  cpuUs: number;
}

/** A program that makes calls as it is asked. */
export interface Caller {
  ask<T>(message: object): Promise<T>;
  stop(): void;
}

/** Where the measured programs are, and what they use beside the workspace's own packages. */
export const PEERS = `${projectRoot()}/test/bench/peers`;

/** @param options.client where a part of the package stands (`/ollama`): by default in this workspace */
export async function startCaller(
  contender: Contender,
  options: { serverUrl: string; natsUrl: string; client?: (part: string) => string },
): Promise<Caller> {
  const client = options.client ?? ((part) => import.meta.resolve(`@llm-monitor/client${part}`));
  const preloads = [new URL(`file://${PEERS}/fake-fetch.mjs`).href];
  if (contender.instrument === 'register') preloads.push(client('/register'));
  const child = fork(
    `${PEERS}/caller.mjs`,
    [contender.sdk, contender.instrument, options.serverUrl],
    {
      execArgv: ['--expose-gc', ...preloads.flatMap((preload) => ['--import', preload])],
      env: {
        ...process.env,
        LLM_MONITOR_NATS_URL: options.natsUrl,
        LLM_MONITOR_APP: `bench-${contender.sdk}-${contender.instrument}`,
        BENCH_CLIENT: client(''),
        BENCH_CLIENT_OLLAMA: client('/ollama'),
      },
    },
  );
  let isWanted = true;
  child.once('exit', (code) => {
    if (!isWanted) return;
    console.error(
      `the program with ${contender.instrument} of ${contender.sdk} ended with ${code}`,
    );
    process.exit(1);
  });
  const answer = async <T>(): Promise<T> => {
    const [value] = (await once(child, 'message')) as [T];
    return value;
  };
  await answer();
  return {
    ask<T>(message: object) {
      const answered = answer<T>();
      child.send(message);
      return answered;
    },
    stop() {
      isWanted = false;
      child.disconnect();
    },
  };
}
