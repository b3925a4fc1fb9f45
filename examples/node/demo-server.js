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
try {
  console.log(`listening on ${await server.listen(port)}`);
} catch (error) {
  if (error.code !== 'EADDRINUSE') throw error;
  console.error(
    `Port ${port} is taken, perhaps by an Ollama, which does as well. To listen elsewhere: node demo-server.js ${port + 1}`,
  );
  process.exitCode = 1;
}
