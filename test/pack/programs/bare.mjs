// Knows nothing of the monitor.
const answer = await fetch(`${process.env.OLLAMA_HOST}/api/generate`, {
  method: 'POST',
  body: JSON.stringify({ model: 'm', prompt: 'Why?', stream: false }),
});
console.log((await answer.json()).response);
