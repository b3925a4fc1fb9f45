// An inference server as far as a sampler sees one: a process that listens, and a runner that it started and that does the work.
// GET /v1/models lists a model; POST /burn?ms= keeps the runner busy for so long and then answers. argv: port
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';

if (process.argv[2] === 'runner') {
  process.on('message', (ms) => {
    const end = Date.now() + ms;
    while (Date.now() < end);
    process.send('done');
  });
} else {
  const runner = fork(process.argv[1], ['runner']);
  process.once('exit', () => runner.kill());
  process.once('SIGTERM', () => process.exit());
  const answer = async (request, response) => {
    const url = new URL(request.url, 'http://localhost');
    if (url.pathname === '/burn') {
      runner.send(Number(url.searchParams.get('ms')));
      await once(runner, 'message');
    }
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ object: 'list', data: [{ id: 'busy-model', object: 'model' }] }));
  };
  createServer((request, response) => void answer(request, response)).listen(
    Number(process.argv[2]),
    '127.0.0.1',
  );
}
