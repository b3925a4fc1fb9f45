import { createMonitor } from '@llm-monitor/client';
import { Ollama } from '@llm-monitor/client/ollama';
import type { ProgressData } from '@llm-monitor/contracts/events';
import { connect } from '@nats-io/transport-node';
import { expect, onTestFinished, test } from 'vitest';

import { collectEvents } from '../helpers/collect-events.ts';
import { startFakeOllama } from '../helpers/fake-ollama.ts';
import { startAgent } from '../helpers/start-agent.ts';
import { startNats } from '../helpers/start-nats.ts';
import { waitFor } from '../helpers/wait-for.ts';

test('an agent says of calls that wait what they wait for, and no more once they generate', async () => {
  const nats = await startNats();
  const events = await collectEvents(nats.url);
  let go: () => void = () => undefined;
  const gate = new Promise<void>((resolve) => (go = resolve));
  const server = await startFakeOllama({ respond: () => ({ after: gate }) });
  const monitor = createMonitor({ natsUrl: nats.url, app: 'waiting app' });
  const agent = await startAgent(nats.url, {
    OLLAMA_URL: server.url,
    ...{ SAMPLE_INTERVAL_MS: '100', IDLE_SAMPLE_INTERVAL_MS: '100' },
  });
  const bus = await connect({ servers: nats.url });
  onTestFinished(async () => {
    await bus.close();
    await agent.stop();
    await monitor.close();
    await server.close();
    await events.stop();
    await nats.stop();
  });
  const said = new Map<string, string[]>();
  bus.subscribe('llm.progress.waiting_app.>', {
    callback: (_, message) => {
      const { data } = message.json<{ data: ProgressData }>();
      const phases = said.get(data.requestId) ?? [];
      if (phases.at(-1) !== data.phase) said.set(data.requestId, [...phases, data.phase]);
    },
  });
  await bus.flush();
  const ollama = new Ollama({ host: server.url, monitor });
  const call = async () => {
    const chat = { model: 'm', messages: [{ role: 'user', content: 'Why?' }] };
    let text = '';
    for await (const part of await ollama.chat({ ...chat, stream: true }))
      text += part.message.content;
    return text;
  };
  const answers = [call()];
  const [first] = await waitFor('the first call', () => {
    const calls = events.calls('waiting app');
    return calls.length > 0 && calls;
  });
  await waitFor('the first call to read its prompt', () =>
    said.get(first?.requestId ?? '')?.includes('prompt'),
  );
  answers.push(call());
  const second = await waitFor('the second call to queue', () =>
    [...said].find(([id, phases]) => id !== first?.requestId && phases.includes('queued')),
  );
  expect(said.get(first?.requestId ?? '')?.at(-1)).toBe('prompt');
  go();
  expect(await Promise.all(answers)).toEqual([
    ...[
      'The sky is blue because air scatters light.',
      'The sky is blue because air scatters light.',
    ],
  ]);
  await events.endedCalls('waiting app', 2);
  expect(second[1]).toEqual(['queued']);
});
