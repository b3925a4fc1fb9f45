// A program that makes one call, which nobody answers, and ends at once in the way that ENDING says.
import { Ollama } from '@llm-monitor/client/ollama';

const ollama = new Ollama({ host: process.env.HOST });
try {
  await ollama.chat({ model: 'm', messages: [{ role: 'user', content: 'Anybody?' }] });
} catch (error) {
  if (process.env.ENDING === 'exit') process.exit(4);
  throw error;
}
