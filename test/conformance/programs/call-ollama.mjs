// A small program as users write it. CLIENT says which package it takes its Ollama from; the rest says how it ends.
const { Ollama } = await import(process.env.CLIENT ?? 'ollama');
const { HOST, CALLS = '1', ENDING = 'natural' } = process.env;

if (ENDING === 'handles-sigterm') process.once('SIGTERM', () => process.exit(7));

const ollama = new Ollama({ host: HOST });
for (let call = 0; call < Number(CALLS); call += 1) {
  let answer = '';
  const parts = await ollama.chat({
    model: 'llama3.2:3b',
    messages: [{ role: 'user', content: `Question ${call}` }],
    stream: true,
  });
  for await (const part of parts) {
    answer += part.message.content;
    if (ENDING.includes('sigterm') && answer.length > 10) console.log('streaming');
  }
  console.log(answer);
}
await ollama.chat({ model: 'nothing', messages: [] }).catch((error) => console.log(error.message));
console.log('done');
if (ENDING === 'exit') process.exit(3);
