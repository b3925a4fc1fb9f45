// The least that a server in Node can do: the same bytes for everybody. bare-server.mjs <port> <body> [<headers as JSON>]
import { createServer } from 'node:http';

const [port, body = '', more = '{}'] = process.argv.slice(2);
const headers = {
  ...JSON.parse(more),
  'content-type': 'application/json; charset=utf-8',
  'content-length': Buffer.byteLength(body),
};
createServer((_request, response) => {
  response.writeHead(200, headers);
  response.end(body);
}).listen(Number(port), '127.0.0.1');
