// A stand-in for Ollama where there is none: it speaks Ollama's protocol, and OpenAI's and Anthropic's under /v1, and knows no model.
import { createFakeOllama } from '@llm-monitor/fake-ollama';

const port = Number(process.argv[2] ?? 11434);
const words =
  'This is no model, but a stand-in that speaks its protocol, a word every tenth of a second.';

const server = createFakeOllama({
  respond: () => ({
    content: words.split(/(?<= )/),
    firstTokenDelayMs: 500,
    tokenDelayMs: 100,
  }),
});
console.log(`listening on ${await server.listen(port)}`);
