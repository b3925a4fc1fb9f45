// A program as it was, but for one import: `ollama` became `@llm-monitor/client/ollama`.
import { Ollama } from '@llm-monitor/client/ollama';

const ollama = new Ollama({ host: process.env.OLLAMA_HOST ?? 'http://127.0.0.1:11434' });
const model = process.argv[2] ?? 'llama3.2:3b';
const question = process.argv[3] ?? 'Why is the sky blue?';

const answer = await ollama.chat({
  model,
  messages: [{ role: 'user', content: question }],
  stream: true,
});
for await (const part of answer) process.stdout.write(part.message.content);
process.stdout.write('\n');
