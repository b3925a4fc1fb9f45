// A program as users write it, which knows nothing of a monitor. WAY says how it calls.
import { createRequire } from 'node:module';

const { WAY, HOST } = process.env;
const chat = { model: 'llama3.2:3b', messages: [{ role: 'user', content: `By ${WAY}` }] };

/** Reads a streamed answer as ollama gives it. */
async function stream(ollama) {
  let answer = '';
  for await (const part of await ollama.chat({ ...chat, stream: true })) {
    answer += part.message.content;
  }
  return answer;
}

async function post(path, body) {
  const response = await fetch(HOST + path, { method: 'POST', body: JSON.stringify(body) });
  return [response.status, response.url === HOST + path, await response.text()];
}

const ways = {
  async 'ollama as an ES module'() {
    const { Ollama } = await import('ollama');
    return stream(new Ollama({ host: HOST }));
  },
  async "ollama's default export"() {
    const { default: ollama } = await import('ollama');
    ollama.config.host = HOST;
    return stream(ollama);
  },
  async 'ollama as CommonJS'() {
    const { Ollama } = createRequire(import.meta.url)('ollama');
    return stream(new Ollama({ host: HOST }));
  },
  async 'the monitored ollama'() {
    const { Ollama } = await import(process.env.DROP_IN ? '@llm-monitor/client/ollama' : 'ollama');
    return stream(new Ollama({ host: HOST }));
  },
  'plain fetch': () => post('/api/generate', { model: 'phi3', prompt: 'By fetch', stream: false }),
  async 'a Request'() {
    const body = JSON.stringify({ model: 'phi3', prompt: 'By Request', stream: false });
    const response = await fetch(new Request(`${HOST}/api/generate`, { method: 'POST', body }));
    return [response.status, await response.json()];
  },
  async 'what is no call of a model'() {
    return [
      await post('/api/chat', { question: 'of an app of its own' }),
      await post('/elsewhere', { model: 'm', prompt: 'x' }),
      await (await fetch(`${HOST}/api/version`)).json(),
    ];
  },
};

/** Without what differs from answer to answer. */
const plain = (text) =>
  text.replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, 'TIME').replaceAll(/_duration\\*":\d+/g, 'DURATION');

console.log(fetch.name, fetch.length, Object.keys(globalThis).includes('fetch'));
console.log(plain(JSON.stringify(await ways[WAY]())));
