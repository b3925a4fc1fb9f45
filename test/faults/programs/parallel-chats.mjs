// A user's program with many calls at once; it prints a line when the first words of all of them have come.
import { Ollama } from '@llm-monitor/client/ollama';

const ollama = new Ollama({ host: process.env.OLLAMA_HOST });
const calls = Number(process.argv[2]);
let talking = 0;

async function chat(i) {
  const messages = [{ role: 'user', content: `question ${i}` }];
  const stream = await ollama.chat({ model: 'slow:1b', messages, stream: true });
  let isFirst = true;
  for await (const _ of stream) {
    if (isFirst && ++talking === calls) console.log('all talk');
    isFirst = false;
  }
}

await Promise.all(Array.from({ length: calls }, (_, i) => chat(i)));
console.log('all done');
