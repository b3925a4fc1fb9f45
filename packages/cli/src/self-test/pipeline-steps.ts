import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';

import { createMonitor, type Monitor } from '@llm-monitor/client';
import { Ollama } from '@llm-monitor/client/ollama';
import type { ActiveRequest, EndedRequest } from '@llm-monitor/contracts/rest';
import type { FakeOllama } from '@llm-monitor/fake-ollama';

import type { RunningStack } from '../commands/running-stack.ts';
import { httpGet } from '../processes/http-get.ts';
import { explainChecks } from '../stack/readiness.ts';
import type { Step } from './steps.ts';

const APP = 'llm-monitor-self-test';
const MODEL = 'self-test:latest';
const REQUEST_TIMEOUT_MS = 3000;
const ARRIVAL_TIMEOUT_MS = 15_000;
const POLL_MS = 50;

interface Part {
  response?: string | undefined;
}

/** One call on its way through the whole pipeline, and a look at each place where it must appear. */
export function pipelineSteps(
  stack: RunningStack,
  fake: FakeOllama,
): { steps: Step[]; close(): Promise<void> } {
  // The mark finds exactly this call again, whatever else runs.
  const mark = `self-test ${randomUUID()}`;
  const monitor = createMonitor({
    ...{ app: APP, natsUrl: stack.natsUrl, demo: true },
    ...(stack.nats ? { nats: stack.nats } : {}),
  });
  let answer: AsyncIterator<Part> | undefined;

  const steps: Step[] = [
    {
      title: 'The services are ready',
      advice: `See which is not:  ${stack.command} status\nand why:           ${stack.command} logs`,
      run: () => untilReady(stack),
    },
    {
      title: 'A call leaves the app',
      advice: 'The fake Ollama of this test did not answer: is a proxy set for 127.0.0.1?',
      async run() {
        answer = await startCall(monitor, await fake.listen(), mark);
        return 'ollama.generate(), streamed';
      },
    },
    {
      title: 'It is seen while it runs',
      advice: adviceFor(stack),
      run: () => untilSeen(() => findActive(stack, mark), monitor),
    },
    {
      title: 'The app gets its whole answer',
      advice: 'The monitored client did not hand the answer on.',
      run: async () => `${await readAll(answer)} parts`,
    },
    {
      title: 'It is kept with its counts',
      advice: adviceFor(stack),
      run: () => untilSeen(() => findEnded(stack, mark), monitor),
    },
  ];
  return { steps, close: () => monitor.close() };
}

function adviceFor(stack: RunningStack): string {
  return [
    `Do events arrive?        nats -s ${stack.natsUrl.replace(/\/\/[^@/]*@/, '//')} sub 'llm.request.>'`,
    `Does the collector run?  ${stack.command} status   and   ${stack.command} logs collector`,
  ].join('\n');
}

/** A part that was just started again may take a moment. */
async function untilReady(stack: RunningStack): Promise<string> {
  const endMs = Date.now() + ARRIVAL_TIMEOUT_MS;
  for (;;) {
    const { status, body } = await ask(stack, '/ready');
    if (status === 200) return stack.webUrl;
    if (Date.now() > endMs) throw new Error(explainChecks(body));
    await delay(POLL_MS);
  }
}

/** Begins to read at once, since Node drops an answer that nobody reads, and leaves the rest until the call was seen to run. */
async function startCall(
  monitor: Monitor,
  host: string,
  prompt: string,
): Promise<AsyncIterator<Part>> {
  const ollama = new Ollama({ host, monitor });
  const stream = await ollama.generate({ model: MODEL, prompt, stream: true });
  const answer = stream[Symbol.asyncIterator]();
  await answer.next();
  return answer;
}

async function readAll(answer: AsyncIterator<Part> | undefined): Promise<number> {
  let parts = 1;
  while (answer && !(await answer.next()).done) parts += 1;
  return parts;
}

async function findActive(stack: RunningStack, mark: string): Promise<string | undefined> {
  const { body } = await ask(stack, '/api/active?demo=only');
  const call = (body as ActiveRequest[]).find((one) => one.prompt === mark);
  return call && `running, ${call.phase}`;
}

async function findEnded(stack: RunningStack, mark: string): Promise<string | undefined> {
  const { body } = await ask(stack, `/api/requests?demo=only&q=${encodeURIComponent(mark)}`);
  const call = (body as EndedRequest[])[0];
  if (call && call.status !== 'completed') throw new Error(`it is kept as ${call.status}`);
  return call && `completed, ${call.tokens_generated} tokens, id ${call.id}`;
}

async function untilSeen(
  look: () => Promise<string | undefined>,
  monitor: Monitor,
): Promise<string> {
  const endMs = Date.now() + ARRIVAL_TIMEOUT_MS;
  while (Date.now() < endMs) {
    const seen = await look();
    if (seen) return seen;
    await delay(POLL_MS);
  }
  const { connected, queued } = monitor.state();
  const bus = connected ? 'NATS is connected' : 'NATS cannot be reached';
  throw new Error(`not within ${ARRIVAL_TIMEOUT_MS / 1000} s (${bus}, ${queued} events waiting)`);
}

async function ask(stack: RunningStack, path: string): Promise<{ status: number; body: unknown }> {
  const url = `${stack.webUrl.replace('//localhost', '//127.0.0.1')}${path}`;
  const { token } = stack;
  const answer = await httpGet(url, { timeoutMs: REQUEST_TIMEOUT_MS, token });
  const { status } = answer;
  if (path.startsWith('/api/') && status !== 200) throw new Error(`${url} answers ${status}`);
  return answer;
}
