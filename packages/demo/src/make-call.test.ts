import { EventEmitter, once } from 'node:events';

import { createMonitor } from '@llm-monitor/client';
import { createFakeOllama } from '@llm-monitor/fake-ollama';
import { expect, onTestFinished, test } from 'vitest';

import { makeCall } from './make-call.ts';
import type { PlannedCall } from './plan-call.ts';

test.each([
  ['streams and waits for its first token', { stream: true, operation: 'chat' }],
  ['does not stream', { stream: false, operation: 'generate' }],
  ['is an embedding', { stream: false, operation: 'embed' }],
] as const)('a call that %s ends when the demo is stopped', async (_, kind) => {
  const server = new EventEmitter();
  const asked = once(server, 'asked');
  const fake = createFakeOllama({
    respond() {
      server.emit('asked');
      return { fault: { kind: 'hang' } };
    },
  });
  const host = await fake.listen();
  const monitor = createMonitor({ disabled: true });
  onTestFinished(async () => {
    await monitor.close();
    await fake.close();
  });
  const call: PlannedCall = {
    ...{ ...kind, model: 'm', prompt: 'Why?', ending: 'completed', script: {} },
  };
  const stop = new AbortController();
  const ending = makeCall(call, { host, monitor, key: 'k', stopped: stop.signal });
  await asked;
  stop.abort();
  expect(await ending).toBe('cancelled');
});
