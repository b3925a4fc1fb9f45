// A model server (Ollama's and OpenAI's chat) that answers as fast as it can, and a sink that counts what is exported to it over OTLP.
import { createServer } from 'node:http';

import { answerTo } from './answers.mjs';

const exported = {};

const server = createServer((request, response) => {
  let body = '';
  let bytes = 0;
  request.on('data', (chunk) => {
    bytes += chunk.length;
    if (!request.url.startsWith('/sink/')) body += chunk;
  });
  request.on('end', () => {
    const [, , instrument] = request.url.split('/');
    if (request.url.startsWith('/sink/')) {
      exported[instrument] = (exported[instrument] ?? 0) + bytes;
      response.setHeader('content-type', 'application/json').end('{}');
      return;
    }
    const { type, chunks } = answerTo(request.url, body);
    response.setHeader('content-type', type).flushHeaders();
    for (const chunk of chunks) response.write(chunk);
    response.end();
  });
});
process.on('message', () => process.send({ exported }));
process.on('disconnect', () => process.exit());
server.listen(0, '127.0.0.1', () => process.send({ port: server.address().port }));
