// A program that ends in the way that ENDING says, in the middle of things. CLIENT says which package its Ollama is from.
const { Ollama } = await import(process.env.CLIENT ?? 'ollama');
const { HOST, ENDING } = process.env;

const ollama = new Ollama({ host: HOST });
const ask = () =>
  ollama.chat({ model: 'm', messages: [{ role: 'user', content: 'Why?' }], stream: true });
process.on('exit', (code) => console.log('exit', code));
process.once('beforeExit', () => console.log('beforeExit'));

const parts = await ask();
switch (ENDING) {
  // Nobody reads the stream: nothing may keep the process for it.
  case 'unread':
    break;
  case 'break':
    for await (const part of parts) {
      console.log(part.message.content);
      break;
    }
    break;
  case 'throw':
    for await (const _ of parts) throw new RangeError('mine');
    break;
  case 'throw later':
    setTimeout(() => {
      throw new RangeError('mine');
    });
    for await (const _ of parts);
    // Never further, however fast the answer was.
    await new Promise(() => undefined);
    break;
  case 'reject':
    void Promise.reject(new RangeError('mine'));
    break;
  case 'reject unread':
    // What nobody awaits is rejected as well.
    void parts[Symbol.asyncIterator]().throw(new RangeError('mine'));
    break;
  case 'reject in stream':
    for await (const _ of parts);
    void parts[Symbol.asyncIterator]().next();
    break;
  case 'exit code':
    for await (const _ of parts);
    process.exitCode = 5;
    break;
  case 'exit in the stream':
    for await (const _ of parts) process.exit(4);
    break;
  case 'never settles':
    for await (const _ of parts);
    await new Promise(() => undefined);
    break;
  default:
    throw new Error(`ENDING is ${ENDING}`);
}
console.log('last line');
