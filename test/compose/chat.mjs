// A user's program, outside of the containers: it knows the monitor only by the name that it imports `ollama` from.
import { Ollama } from '@llm-monitor/client/ollama';

const [calls] = process.argv.slice(2);
const ollama = new Ollama({ host: process.env.OLLAMA_HOST });
for (let i = 0; i < Number(calls); i++) {
  const stream = await ollama.chat({
    model: 'llama3.2:3b',
    messages: [{ role: 'user', content: `question ${i}` }],
    stream: true,
  });
  for await (const part of stream) process.stdout.write(part.message.content);
}
