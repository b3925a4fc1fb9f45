// The least that a proxy in Node can do, as a baseline: `node pass-through.js <port> <upstream>`.
import { Agent, createServer, request } from 'node:http';

const [, , port, upstream = ''] = process.argv;
const { hostname, port: upstreamPort } = new URL(upstream);
const agent = new Agent({ keepAlive: true });

createServer((incoming, response) => {
  const { method, url: path, headers } = incoming;
  const outgoing = request({ hostname, port: upstreamPort, method, path, headers, agent });
  outgoing.on('response', (answer) => {
    response.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.pipe(response);
  });
  incoming.pipe(outgoing);
}).listen(Number(port), '127.0.0.1');
