// The least that a server in Node can do: the same bytes for everybody. bare-server.mjs <port> <body>
import { createServer } from 'node:http';

const [port, body = ''] = process.argv.slice(2);
const headers = {
  'content-type': 'application/json; charset=utf-8',
  'content-length': Buffer.byteLength(body),
};
createServer((_request, response) => {
  response.writeHead(200, headers);
  response.end(body);
}).listen(Number(port), '127.0.0.1');
