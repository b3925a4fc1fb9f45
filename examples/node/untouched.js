// A program that knows nothing of the monitor: `node --import @llm-monitor/client/register untouched.js` sees its calls.
const host = process.env.OLLAMA_HOST ?? 'http://127.0.0.1:11434';
const model = process.argv[2] ?? 'llama3.2:3b';
const question = process.argv[3] ?? 'Why is the sky blue?';

const response = await fetch(`${host}/v1/chat/completions`, {
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify({ model, messages: [{ role: 'user', content: question }] }),
});
if (!response.ok) throw new Error(`${response.status} ${await response.text()}`);
const answer = await response.json();
console.log(answer.choices[0].message.content);
