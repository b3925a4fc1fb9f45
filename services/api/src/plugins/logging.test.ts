import { createLogger, type Logger } from '@llm-monitor/runtime';
import { fastify } from 'fastify';
import { expect, test } from 'vitest';

import { createGates } from './gates.ts';
import { installLogging } from './logging.ts';

test('what Fastify has to say, and what routes do, is in the log of the service', async () => {
  const said: unknown[] = [];
  const note = (...words: unknown[]) => void said.push(words.at(-1) ?? words[0]);
  const log = Object.assign(createLogger({ service: 'api', level: 'silent' }), {
    info: note,
    warn: note,
    error: note,
  }) as Logger;
  const app = fastify();
  installLogging(app, createGates(app), log);
  app.get('/twice', async (request, reply) => {
    request.log.info('a route');
    void reply.send('once');
    return reply.send('twice');
  });
  app.setNotFoundHandler((request, reply) => {
    request.log.info('nothing there');
    void reply.code(404).send();
  });
  await app.register(async (inner) => inner.log.info('a plugin'));
  const url = await app.listen({ host: '127.0.0.1', port: 0 });
  expect(await (await fetch(`${url}/twice`)).text()).toBe('once');
  expect((await fetch(`${url}/else`)).status).toBe(404);
  await app.close();
  expect(said).toEqual([
    'a plugin',
    `Server listening at ${url}`,
    'a route',
    { err: expect.objectContaining({ code: 'FST_ERR_REP_ALREADY_SENT' }) },
    'nothing there',
  ]);
});
