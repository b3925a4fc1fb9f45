// A user's program with two calls at once. It says how each of them ends.
import { Ollama } from '@llm-monitor/client/ollama';

const ollama = new Ollama({ host: process.env.OLLAMA_HOST });

async function chat(content) {
  try {
    const stream = await ollama.chat({
      model: 'llama3.2:3b',
      messages: [{ role: 'user', content }],
      stream: true,
    });
    for await (const part of stream) if (part.done) console.log(`${content}: done`);
  } catch (error) {
    console.log(`${content}: ${error.name}`);
  }
}

await Promise.all(process.argv.slice(2).map(chat));
