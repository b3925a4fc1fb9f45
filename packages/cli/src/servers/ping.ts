import { connect, type NetConnectOpts } from 'node:net';

const TIMEOUT_MS = 2000;

/** Does a NATS greet there? It does so by itself, before any log-in. */
export function pingNats(url: string): Promise<boolean> {
  const { hostname, port } = new URL(url.split(',')[0] ?? url);
  return asks({ host: hostname, port: Number(port || 4222) }, '', /^INFO /);
}

/** Does a Redis answer at `/path/to/socket` or `host:port`? One that asks for a password is alive too. */
export function pingRedis(address: string): Promise<boolean> {
  const at = address.startsWith('/')
    ? { path: address }
    : { host: address.split(':')[0] ?? '', port: Number(address.split(':')[1]) };
  return asks(at, 'PING\r\n', /^(\+PONG|-NOAUTH)/);
}

function asks(at: NetConnectOpts, question: string, answer: RegExp): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(at);
    const end = (answered: boolean) => {
      socket.destroy();
      resolve(answered);
    };
    socket.setTimeout(TIMEOUT_MS, () => end(false));
    socket.once('error', () => end(false));
    socket.once('connect', () => socket.write(question));
    socket.once('data', (data: Buffer) => end(answer.test(data.toString('latin1'))));
  });
}
