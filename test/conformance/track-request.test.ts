import { createMonitor } from '@llm-monitor/client';
import { expect, onTestFinished, test } from 'vitest';

import type { EventCollector } from '../helpers/collect-events.ts';
import type { NatsServer } from '../helpers/start-nats.ts';
import { useBus } from '../helpers/use-bus.ts';

let nats: NatsServer;
let events: EventCollector;
useBus((bus) => ({ nats, events } = bus));

function monitorOf(app: string, options: { disabled?: boolean } = {}) {
  const monitor = createMonitor({ natsUrl: nats.url, app, ...options });
  onTestFinished(() => monitor.close());
  return monitor;
}

const endOf = async (app: string) => (await events.endedCalls(app))[0]?.ended[0]?.event.data;

test('a tracked call tells what was asked, what came and how it ended', async () => {
  const app = 'tracked';
  const monitor = monitorOf(app);
  const info = {
    ...{
      model: 'whisper',
      provider: 'whisper.cpp',
      operation: 'transcribe',
      prompt: 'A recording',
    },
    ...{ timeoutMs: 5000, parameters: { temperature: 0.5 } },
  };
  const value = await monitor.trackRequest(info, (call) => {
    call.output('Good ');
    call.output('morning');
    call.finish({ inputTokens: 7, outputTokens: 2, finishReason: 'stop' });
    return { text: 'Good morning' };
  });
  expect(value).toEqual({ text: 'Good morning' });
  expect(await endOf(app)).toMatchObject({
    ...{ model: 'whisper', provider: 'whisper.cpp', operation: 'transcribe', outcome: 'completed' },
    ...{ promptPreview: 'A recording', responsePreview: 'Good morning', chunks: 2 },
    ...{ timeoutMs: 5000, parameters: { temperature: 0.5 }, finishReason: 'stop' },
    usage: { inputTokens: 7, outputTokens: 2, source: 'server' },
  });
  expect((await events.endedCalls(app))[0]?.firstToken).toHaveLength(1);
});

test('a call that only gives a text back has that text as its response', async () => {
  const app = 'tracked text';
  expect(await monitorOf(app).trackRequest({ model: 'm', stream: false }, () => 'An answer')).toBe(
    'An answer',
  );
  expect(await endOf(app)).toMatchObject({ responsePreview: 'An answer', outputChars: 9 });
});

test('what the call throws is thrown, the same object, and told', async () => {
  const app = 'tracked error';
  const error = new RangeError('out of context');
  const failing = monitorOf(app).trackRequest({ model: 'm' }, () => {
    throw error;
  });
  await expect(failing).rejects.toBe(error);
  expect(await endOf(app)).toMatchObject({
    outcome: 'error',
    error: { type: 'RangeError', message: 'out of context' },
  });
});

test("the caller's signal reaches the call, with its reason, and is told as the app's", async () => {
  const app = 'tracked abort';
  const controller = new AbortController();
  const running = monitorOf(app).trackRequest(
    { model: 'm', signal: controller.signal },
    ({ signal }) =>
      new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason))),
  );
  const reason = new DOMException('enough', 'AbortError');
  controller.abort(reason);
  await expect(running).rejects.toBe(reason);
  expect(await endOf(app)).toMatchObject({ outcome: 'cancelled', cancelledBy: 'app' });
});

test('nonsense in place of what a call asks for never reaches the app', async () => {
  const app = 'tracked nonsense';
  const info = { model: 7, prompt: {}, timeoutMs: 'x', parameters: 1n } as never;
  expect(await monitorOf(app).trackRequest(info, (call) => (call.output(5 as never), 'fine'))).toBe(
    'fine',
  );
  expect(await endOf(app)).toMatchObject({ model: 'unknown', outcome: 'completed' });
});

test('of parameters only numbers are told, whatever else stands among them', async () => {
  const app = 'tracked parameters';
  const itself: { itself?: object; stop: string } = { stop: 'x'.repeat(2_000_000) };
  itself.itself = itself;
  const parameters = { ...itself, topP: 0.5, temperature: NaN, numCtx: '8', seed: 1n } as never;
  await monitorOf(app).trackRequest({ model: 'm', parameters }, () => 'x');
  expect((await endOf(app))?.parameters).toEqual({ topP: 0.5 });
});

test('a disabled monitor runs the call and publishes nothing', async () => {
  const app = 'tracked disabled';
  const monitor = monitorOf(app, { disabled: true });
  expect(await monitor.trackRequest({ model: 'm' }, (call) => call.signal.aborted)).toBe(false);
  await monitorOf(app).trackRequest({ model: 'after' }, () => 'x');
  await events.endedCalls(app);
  expect(events.calls(app)).toHaveLength(1);
});
