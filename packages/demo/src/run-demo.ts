import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';

import { createMonitor, withContext, type BusCredentials, type Monitor } from '@llm-monitor/client';
import { createFakeOllama } from '@llm-monitor/fake-ollama';

import { DEMO_APPS, type DemoApp } from './demo-apps.ts';
import { CALL_HEADER, makeCall } from './make-call.ts';
import { between, planCall, type Ending, type PlannedCall, type Random } from './plan-call.ts';

/** How often a worker begins a new session. */
const NEW_SESSION = 0.2;

/** Plays the three apps until `stopped`. @returns how many calls ended how */
export async function runDemo(options: {
  natsUrl: string;
  nats: BusCredentials | undefined;
  random: Random;
  stopped: AbortSignal;
  onEnd(ending: Ending): void;
}): Promise<void> {
  const calls = new Map<string, PlannedCall>();
  const fake = createFakeOllama({
    respond: ({ headers }) => calls.get(String(headers[CALL_HEADER]))?.script,
  });
  const host = await fake.listen();
  const { natsUrl, nats, random, stopped } = options;
  const monitors = DEMO_APPS.map((app) =>
    createMonitor({ app: app.name, natsUrl, ...(nats ? { nats } : {}), demo: true }),
  );

  const work = async (app: DemoApp, monitor: Monitor) => {
    let sessionId = randomUUID();
    while (!stopped.aborted) {
      await pause(between(...app.pauseMs, random), stopped);
      if (stopped.aborted) return;
      const key = randomUUID();
      const call = planCall(app, random);
      calls.set(key, call);
      // Some calls in a row belong together.
      if (random() < NEW_SESSION) sessionId = randomUUID();
      const ending = withContext({ sessionId }, () =>
        makeCall(call, { host, monitor, key, stopped }),
      );
      options.onEnd(await ending);
      calls.delete(key);
    }
  };
  try {
    await Promise.all(
      DEMO_APPS.flatMap((app, index) =>
        Array.from({ length: app.workers }, () => work(app, monitors[index] as Monitor)),
      ),
    );
  } finally {
    await Promise.all(monitors.map((monitor) => monitor.close()));
    await fake.close();
  }
}

async function pause(durationMs: number, stopped: AbortSignal): Promise<void> {
  await delay(durationMs, undefined, { signal: stopped }).catch(() => undefined);
}
