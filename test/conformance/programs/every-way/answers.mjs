// Answers of all kinds that an app may get, from a server in the program itself.
import { createServer } from 'node:http';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { brotliCompressSync, gzipSync } from 'node:zlib';

const line = (content, more) =>
  `${JSON.stringify({ message: { content }, done: false, ...more })}\n`;
const LINES = [line('one '), line('two '), line('three', { done: true, eval_count: 3 })];
export const WHOLE = LINES.join('');
const TYPE = { 'content-type': 'application/x-ndjson' };

const goOn = new Set();
/** Lets the answers that wait go on. */
export const more = () => {
  for (const one of goOn) one();
  goOn.clear();
};
const waited = () => new Promise((resolve) => goOn.add(resolve));

const ANSWERS = {
  async lines(answer) {
    answer.writeHead(200, TYPE);
    for (const one of LINES) {
      answer.write(one);
      await nextTurn();
    }
    answer.end();
  },
  whole: (answer) => answer.writeHead(200, TYPE).end(WHOLE),
  async slow(answer) {
    answer.writeHead(200, TYPE);
    for (const one of LINES) {
      answer.write(one);
      await waited();
    }
    answer.end();
  },
  gzip: (answer) =>
    answer.writeHead(200, { ...TYPE, 'content-encoding': 'gzip' }).end(gzipSync(WHOLE)),
  br: (answer) =>
    answer.writeHead(200, { ...TYPE, 'content-encoding': 'br' }).end(brotliCompressSync(WHOLE)),
  noGzip: (answer) =>
    answer.writeHead(200, { ...TYPE, 'content-encoding': 'gzip' }).end('no gzip at all'),
  none: (answer) => answer.writeHead(204).end(),
  unchanged: (answer) => answer.writeHead(304).end(),
  empty: (answer) => answer.writeHead(200, TYPE).end(),
  form: (answer) =>
    answer.writeHead(200, { 'content-type': 'application/x-www-form-urlencoded' }).end('a=1&b=2'),
  refused: (answer) =>
    answer.writeHead(404, { 'content-type': 'application/json' }).end('{"error":"no"}'),
  moved: (answer) => answer.writeHead(307, { location: '/api/generate?whole' }).end(),
  seen: (answer) => answer.writeHead(303, { location: '/api/generate?whole' }).end(),
  async broken(answer) {
    answer.writeHead(200, TYPE).write(LINES[0]);
    await waited();
    answer.destroy();
  },
  closed: (answer) => answer.destroy(),
  echo: (answer, request) => {
    answer.writeHead(200, TYPE);
    request.pipe(answer);
  },
};

export const server = createServer((request, answer) => {
  const kind = request.url.split('?')[1];
  if (kind !== 'echo') request.resume();
  void ANSWERS[kind](answer, request);
});
await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
export const { port } = server.address();

let current = '';
export const askFor = (way) => (current = way);
/** How often each way has asked. */
export const asked = {};
/** Asks a model for an answer of this kind. */
export const ask = (kind, init) => {
  if (init?.method === undefined) asked[current] = (asked[current] ?? 0) + 1;
  return fetch(`http://127.0.0.1:${port}/api/chat?${kind}`, {
    method: 'POST',
    body: JSON.stringify({ model: 'm', messages: [{ role: 'user', content: current }] }),
    ...init,
  });
};
