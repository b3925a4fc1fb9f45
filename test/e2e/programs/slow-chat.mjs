// A user's program: it knows the monitor only by the name that it imports `ollama` from.
import { Ollama } from '@llm-monitor/client/ollama';

const ollama = new Ollama({ host: process.env.OLLAMA_HOST });

const [kind, argument] = process.argv.slice(2);

async function chat(content, model = 'llama3.2:3b') {
  const stream = await ollama.chat({ model, messages: [{ role: 'user', content }], stream: true });
  let answer = '';
  for await (const part of stream) answer += part.message.content;
  return answer;
}

if (kind === 'slow') console.log(await chat(argument));
else if (kind === 'quick') {
  for (let i = 0; i < Number(argument); i++) await chat(`quick question ${i}`);
} else {
  try {
    await chat('hello', argument);
  } catch (error) {
    console.log(error.name, error.status_code);
  }
}
