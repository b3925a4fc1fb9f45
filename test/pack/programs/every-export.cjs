// The same for a program that uses `require`.
const client = require('@llm-monitor/client');
const { default: ollama, Ollama } = require('@llm-monitor/client/ollama');
const { Ollama: BrowserOllama } = require('@llm-monitor/client/ollama/browser');
const { Ollama: Bare } = require('ollama');
const { Ollama: BareBrowser } = require('ollama/browser');

const host = process.env.OLLAMA_HOST;
const ask = { model: 'm', prompt: 'Why?' };

async function main() {
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
}

void main();
