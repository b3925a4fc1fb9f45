import { expect, test, vi } from 'vitest';

import { readClone } from './read-clone.ts';

const URL = 'http://127.0.0.1/api/chat';

test.each(['short', 'x'.repeat(600_000)])(
  'a text in memory is read, however long',
  async (text) => {
    const request = new Request(URL, { method: 'POST', body: text });
    const pending = readClone(request);
    await vi.waitFor(() => expect(Buffer.from(pending.bytes ?? []).toString()).toBe(text));
    expect(await request.text()).toBe(text);
  },
);

/** A Request whose body never ends, and what became of it. */
function endless() {
  const state = { pulls: 0, isCancelled: false };
  const body = new ReadableStream({
    async pull(controller) {
      await new Promise(setImmediate);
      state.pulls += 1;
      controller.enqueue(new Uint8Array(64 * 1024));
    },
    cancel() {
      state.isCancelled = true;
    },
  });
  const request = new Request(URL, { method: 'POST', body, duplex: 'half' } as RequestInit);
  return { state, request };
}

test('who gives a body up ends its source when the copy is read no further', async () => {
  const { state, request } = endless();
  const pending = readClone(request);
  pending.stop();
  await request.body?.cancel();
  expect(state.isCancelled).toBe(true);
});

test('of a body without an end no more is read than is worth it', async () => {
  const { state, request } = endless();
  const pending = readClone(request);
  await vi.waitFor(() => expect(state.pulls).toBeGreaterThanOrEqual(9));
  // The copy has been given up by itself.
  await request.body?.cancel();
  expect(state).toMatchObject({ isCancelled: true });
  expect(pending.bytes).toBeUndefined();
});
