import { expect, onTestFinished, test } from 'vitest';

import { collectGarbage } from '../collect-garbage.test-support.ts';
import { createMonitor } from '../monitor/create-monitor.ts';

const CALLS = 20;

const line = (said: object) => `${JSON.stringify({ created_at: 'today', ...said })}\n`;
const lines = line({ message: { content: 'word ' }, done: false }).repeat(3000);
const whole = new TextEncoder().encode(lines + line({ message: { content: '' }, done: true }));

/** Answers at once, and keeps the answer open, as one may be that is read no further than to its last line. */
const answers: typeof fetch = async () => {
  const body = new ReadableStream({ start: (controller) => controller.enqueue(whole) });
  return new Response(body, { headers: { 'content-type': 'application/x-ndjson' } });
};

test('an answer that the app holds keeps nothing of its text for the monitor once its end is told', async () => {
  const monitor = createMonitor({ natsUrl: 'nats://127.0.0.1:1' });
  onTestFinished(() => monitor.close());
  const body = JSON.stringify({ model: 'm', messages: [{ role: 'user', content: 'Why?' }] });
  const held: Response[] = [];
  const readOne = async () => {
    const url = 'http://127.0.0.1:1/api/chat';
    const response = await monitor.fetch(answers)(url, { method: 'POST', body });
    await response.body!.getReader().read();
    await monitor.flush(0);
    held.push(response);
  };
  const heldAfterGarbage = () => {
    collectGarbage();
    return process.memoryUsage().heapUsed;
  };
  await readOne();
  const before = heldAfterGarbage();
  for (let i = 0; i < CALLS; i += 1) await readOne();
  const byEach = (heldAfterGarbage() - before) / CALLS;
  expect(held).toHaveLength(CALLS + 1);
  expect(monitor.state().running).toBe(0);
  expect(byEach).toBeLessThan(lines.length / 4);
});
