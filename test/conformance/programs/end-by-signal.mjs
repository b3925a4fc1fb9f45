// A program that has called a model and then gets SIGTERM. HANDLER says who handles that, CLIENTS where its clients are from.
const { HOST, HANDLER, CLIENTS } = process.env;

const shutDown = () => {
  console.log('shutting down');
  setTimeout(() => {
    console.log('shut down');
    process.exit(0);
  }, 200);
};
if (HANDLER === 'once before') process.once('SIGTERM', shutDown);
if (HANDLER === 'signal-exit 4') {
  // As `signal-exit` does it: it ends the process only where nobody but it handles the signal.
  const emitter = { count: 1 };
  globalThis[Symbol.for('signal-exit emitter')] = emitter;
  const handle = () => {
    if (process.listeners('SIGTERM').length !== emitter.count) return;
    console.log('cleaning up');
    process.off('SIGTERM', handle);
    process.kill(process.pid, 'SIGTERM');
  };
  process.on('SIGTERM', handle);
}
for (const name of CLIENTS.split(' ')) {
  const { Ollama } = await import(name);
  const ollama = new Ollama({ host: HOST });
  await ollama.chat({ model: 'm', messages: [{ role: 'user', content: 'Why?' }] });
}
if (HANDLER === 'once after') process.once('SIGTERM', shutDown);
setInterval(() => undefined, 1000);
process.kill(process.pid, 'SIGTERM');
