// Loaded before anything else, so that whatever takes the global fetch takes this one: model calls are answered in this process
// unless `benchTransport` says `http`. HTTP's noise is larger than what the wall times are to show.
import { answerTo } from './answers.mjs';

const real = globalThis.fetch;
globalThis.benchTransport = 'http';

globalThis.fetch = (input, init) => {
  if (globalThis.benchTransport === 'http') return real(input, init);
  const url = typeof input === 'string' ? input : (input.url ?? input.href);
  const { type, chunks } = answerTo(url, init.body);
  let next = 0;
  const body = new ReadableStream({
    pull(controller) {
      const chunk = chunks[next++];
      if (chunk) controller.enqueue(chunk);
      else controller.close();
    },
  });
  return Promise.resolve(new Response(body, { headers: { 'content-type': type } }));
};
