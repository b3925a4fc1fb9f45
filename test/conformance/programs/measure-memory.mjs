// Makes CALLS calls with a prompt of PROMPT_CHARS, and writes how much memory that took at most.
// WAY says how it is watched: not at all, by the drop-in, or by a monitored fetch.
const { HOST, WAY = 'bare', CALLS = '1', PROMPT_CHARS = '0', LOCAL } = process.env;

/** Answers without a network, for many calls in little time. */
const local = async () =>
  new Response(JSON.stringify({ model: 'm', response: 'x'.repeat(20_000), done: true }), {
    headers: { 'content-type': 'application/json' },
  });
const config = { host: HOST, ...(LOCAL ? { fetch: local } : {}) };
const create = {
  bare: async () => new (await import('ollama')).Ollama(config),
  'drop-in': async () => new (await import('@llm-monitor/client/ollama')).Ollama(config),
  fetch: async () => {
    const { createMonitor } = await import('@llm-monitor/client');
    const { Ollama } = await import('ollama');
    return new Ollama({ ...config, fetch: createMonitor().fetch(config.fetch) });
  },
};
const ollama = await create[WAY]();
process.on('unhandledRejection', () => process.exit(9));

const prompt = `Summarise: ${'é'.repeat(Number(PROMPT_CHARS))}`;
let peak = 0;
for (let call = 0; call < Number(CALLS); call += 1) {
  const { response } = await ollama.generate({ model: 'm', prompt });
  if (typeof response !== 'string') process.exit(8);
  if (call % 50 !== 0) continue;
  await new Promise((resolve) => setTimeout(resolve, 1));
  peak = Math.max(peak, process.memoryUsage().rss);
}
// Off the path of the calls they are still being looked at.
await new Promise((resolve) => setTimeout(resolve, 50));
peak = Math.max(peak, process.memoryUsage().rss, process.resourceUsage().maxRSS * 1024);
console.log(JSON.stringify({ peakMb: peak / 2 ** 20 }));
process.exit(0);
