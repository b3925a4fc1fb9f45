import { connect, type NetConnectOpts } from 'node:net';

const TIMEOUT_MS = 2000;

/** Does a NATS greet there? It does so by itself, before any log-in. */
export async function pingNats(url: string): Promise<boolean> {
  return (await greetingOf(url)).startsWith('INFO ');
}

/** The version that a NATS says when it greets; undefined when none does. */
export async function versionOfNats(url: string): Promise<string | undefined> {
  return /^INFO \{.*?"version":"([^"]+)"/.exec(await greetingOf(url))?.[1];
}

/** Does a Redis answer at `/path/to/socket` or `host:port`? One that asks for a password is alive too. */
export async function pingRedis(address: string): Promise<boolean> {
  const at = address.startsWith('/')
    ? { path: address }
    : { host: address.split(':')[0] ?? '', port: Number(address.split(':')[1]) };
  return /^(\+PONG|-NOAUTH)/.test(await answerOf(at, 'PING\r\n'));
}

function greetingOf(url: string): Promise<string> {
  const { hostname, port } = new URL(url.split(',')[0] ?? url);
  const host = hostname.replace(/^\[|\]$/g, '');
  return answerOf({ host, port: Number(port || 4222) }, '');
}

/** The first bytes that come, as text; none when nothing comes. */
function answerOf(at: NetConnectOpts, question: string): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect(at);
    const end = (answer: string) => {
      socket.destroy();
      resolve(answer);
    };
    socket.setTimeout(TIMEOUT_MS, () => end(''));
    socket.once('error', () => end(''));
    socket.once('end', () => end(''));
    socket.once('connect', () => socket.write(question));
    socket.once('data', (data: Buffer) => end(data.toString('latin1')));
  });
}
