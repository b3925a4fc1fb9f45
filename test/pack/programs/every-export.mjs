// Loads all that the client exports as ES modules, and makes a call through each way in. Prints what came back.
import * as client from '@llm-monitor/client';
import ollama, { Ollama } from '@llm-monitor/client/ollama';
import { Ollama as BrowserOllama } from '@llm-monitor/client/ollama/browser';
import { Ollama as Bare } from 'ollama';
import { Ollama as BareBrowser } from 'ollama/browser';

const host = process.env.OLLAMA_HOST;
const ask = { model: 'm', prompt: 'Why?' };
const dropIn = await new Ollama({ host }).generate(ask);
const browser = await new BrowserOllama({ host }).generate(ask);
const query = await client.queryOllamaMonitored('Why?', { model: 'm', host });
const fetched = await client.monitoredFetch()(`${host}/api/generate`, {
  method: 'POST',
  body: JSON.stringify({ ...ask, stream: false }),
});
const answers = [dropIn.response, browser.response, query, (await fetched.json()).response];
console.log(
  JSON.stringify({
    answers,
    instances: [
      ollama instanceof Bare,
      new Ollama() instanceof Bare,
      new BrowserOllama() instanceof BareBrowser,
    ],
    names: Object.keys(client).toSorted(),
  }),
);
