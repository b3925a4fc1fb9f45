// A reverse proxy in a process of its own: HTTPS outside, HTTP inside, as nginx does it by the guide.
// reverse-proxy.mjs <port> <upstream> <certificate file> <key file>
import { readFileSync } from 'node:fs';
import { request } from 'node:http';
import { createServer } from 'node:https';

const [port, upstream, cert, key] = process.argv.slice(2);
const { hostname, port: upstreamPort } = new URL(upstream);

const pass = (incoming) =>
  request({
    host: hostname,
    port: upstreamPort,
    method: incoming.method,
    path: incoming.url,
    headers: {
      ...incoming.headers,
      'x-forwarded-for': incoming.socket.remoteAddress,
      'x-forwarded-proto': 'https',
    },
  });

const server = createServer(
  { cert: readFileSync(cert), key: readFileSync(key) },
  (incoming, answer) => {
    const passed = pass(incoming);
    passed.on('response', (inner) => {
      answer.writeHead(inner.statusCode, inner.headers);
      inner.pipe(answer);
    });
    passed.on('error', () => answer.writeHead(502).end());
    incoming.pipe(passed);
  },
);
server.on('upgrade', (incoming, socket, head) => {
  const passed = pass(incoming);
  passed.on('upgrade', (inner, innerSocket, innerHead) => {
    const lines = [`HTTP/1.1 101 ${inner.statusMessage}`];
    for (let i = 0; i < inner.rawHeaders.length; i += 2) {
      lines.push(`${inner.rawHeaders[i]}: ${inner.rawHeaders[i + 1]}`);
    }
    socket.write(`${lines.join('\r\n')}\r\n\r\n`);
    if (innerHead.length > 0) socket.write(innerHead);
    if (head.length > 0) innerSocket.write(head);
    innerSocket.pipe(socket).pipe(innerSocket);
    for (const [one, other] of [
      [socket, innerSocket],
      [innerSocket, socket],
    ]) {
      one.on('error', () => other.destroy());
      one.on('close', () => other.destroy());
    }
  });
  passed.on('response', (inner) => {
    socket.end(`HTTP/1.1 ${inner.statusCode} ${inner.statusMessage}\r\nconnection: close\r\n\r\n`);
  });
  passed.on('error', () => socket.destroy());
  passed.end();
});
server.listen(Number(port), '127.0.0.1');
