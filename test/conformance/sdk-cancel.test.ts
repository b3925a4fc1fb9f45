import Anthropic from '@anthropic-ai/sdk';
import { createMonitor } from '@llm-monitor/client';
import { subjects } from '@llm-monitor/contracts/bus';
import { connect } from '@nats-io/transport-node';
import OpenAI from 'openai';
import { expect, onTestFinished, test } from 'vitest';

import { collectEvents } from '../helpers/collect-events.ts';
import { startFakeOllama } from '../helpers/fake-ollama.ts';
import { startNats } from '../helpers/start-nats.ts';
import { waitFor } from '../helpers/wait-for.ts';

const messages = [{ role: 'user' as const, content: 'Why?' }];

test.each([
  [
    'openai',
    (url: string, fetch: typeof globalThis.fetch) =>
      new OpenAI({ baseURL: `${url}/v1`, apiKey: 'k', fetch }).chat.completions.create({
        ...{ model: 'm', messages },
      }),
  ],
  [
    '@anthropic-ai/sdk',
    (url: string, fetch: typeof globalThis.fetch) =>
      new Anthropic({ baseURL: url, apiKey: 'k', fetch }).messages.create({
        ...{ model: 'm', messages, max_tokens: 9 },
      }),
  ],
])('a call of %s that is cancelled before its answer is not made again', async (sdk, call) => {
  const nats = await startNats();
  const events = await collectEvents(nats.url);
  const bus = await connect({ servers: nats.url });
  const server = await startFakeOllama({ respond: () => ({ fault: { kind: 'hang' } }) });
  const app = `cancel ${sdk}`;
  const monitor = createMonitor({ natsUrl: nats.url, app });
  onTestFinished(async () => {
    await monitor.close();
    await server.close();
    await bus.close();
    await events.stop();
    await nats.stop();
  });
  const ended = call(server.url, monitor.fetch()).then(
    () => 'an answer',
    (error: unknown) => error,
  );
  const started = await waitFor('the call', () =>
    server.requests.length > 0 ? events.calls(app)[0] : undefined,
  );
  const command = JSON.stringify({ requestId: started.requestId, by: 'dashboard' });
  const subject = subjects.cancel(app, monitor.instance);
  const reply = await bus.request(subject, command, { timeout: 10_000 });
  expect(reply.json()).toEqual({ aborted: true });
  expect(await ended).toMatchObject({
    status: 499,
    message: expect.stringContaining('cancelled from outside'),
  });
  const [told] = await events.endedCalls(app);
  expect(told?.ended[0]?.event.data).toMatchObject({
    ...{ outcome: 'cancelled', cancelledBy: 'dashboard' },
  });
  await waitFor('the server to be left', () => server.requests.every((one) => one.disconnected));
  expect(server.requests).toHaveLength(1);
});
