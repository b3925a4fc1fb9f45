import { roleNeeded } from '@llm-monitor/runtime';
import { Type } from '@llm-monitor/contracts/typebox';
import { fastify, type FastifyInstance, type FastifyPluginAsync, type RouteOptions } from 'fastify';
import { afterEach, expect, test } from 'vitest';

import { createGates, type Asked, type Gates } from './gates.ts';
import { installQuickWay } from './quick-way.ts';

let app: FastifyInstance;
afterEach(() => app.close());

type Route = Partial<RouteOptions>;

/** An app with one route, whose answer tells by which way it came. */
async function start(options: {
  before?(root: FastifyInstance, gates: Gates): void;
  within?(inner: FastifyInstance, gates: Gates): void;
  route?: Route;
}) {
  app = fastify();
  const gates = createGates(app);
  installQuickWay(app, gates);
  options.before?.(app, gates);
  await app.register(async (inner) => {
    options.within?.(inner, gates);
    inner.route({
      method: 'GET',
      url: '/kept',
      handler: (_request, reply) => reply.send({ way: 'fastify' }),
      ...options.route,
      config: { kept: () => '{"way":"quick"}', ...options.route?.config },
    });
  });
  const url = await app.listen({ host: '127.0.0.1', port: 0 });
  return async (path = '/kept') => {
    const answer = await fetch(`${url}${path}`);
    const body = (await answer.json()) as { way?: string };
    return { status: answer.status, headers: answer.headers, way: body.way };
  };
}

test('an answer that is kept goes past Fastify, with the headers of all gates', async () => {
  const ask = await start({
    before: (root, gates) => gates.install(root, { headers: { 'x-outer': '1', 'x-both': 'a' } }),
    within: (inner, gates) => gates.install(inner, { headers: { 'X-Both': 'b' } }),
  });
  const { status, way, headers } = await ask();
  expect([status, way]).toEqual([200, 'quick']);
  expect(['x-outer', 'x-both', 'content-type'].map((name) => headers.get(name))).toEqual([
    ...['1', 'b', 'application/json; charset=utf-8'],
  ]);
});

const HOOKS = [
  ...['onRequest', 'preParsing', 'preValidation', 'preHandler', 'preSerialization', 'onSend'],
  ...['onResponse', 'onError', 'onTimeout', 'onRequestAbort'],
] as const;

/** Of any kind; `done` is its last argument. */
function noHook(...given: unknown[]): void {
  const done = given.at(-1) as () => void;
  done();
}
const addHook = (to: FastifyInstance, name: string) =>
  (to.addHook as (name: string, hook: object) => unknown)(name, noHook);

test.each(HOOKS)('behind %s, which is no gate, everything is Fastify’s', async (name) => {
  const places: Parameters<typeof start>[0][] = [
    { before: (root) => void addHook(root, name) },
    { within: (inner) => void addHook(inner, name) },
    { before: (root) => void root.register(plugin((same) => addHook(same, name))) },
    { route: { [name]: noHook } },
    {
      before: (root) =>
        root.addHook('onRoute', (route) => void Object.assign(route, { [name]: [noHook] })),
    },
  ];
  for (const place of places) {
    const ask = await start(place);
    expect((await ask()).way).toBe('fastify');
    await app.close();
  }
});

/** A plugin that adds to the instance that it is registered with. */
function plugin(install: (same: FastifyInstance) => unknown): FastifyPluginAsync {
  const own: FastifyPluginAsync = async (same) => void install(same);
  return Object.assign(own, { [Symbol.for('skip-override')]: true });
}

test('a hook of another part of the app stands in nobody’s way', async () => {
  const ask = await start({
    before(root) {
      void root.register(async (other) => void addHook(other, 'onRequest'));
    },
  });
  expect((await ask()).way).toBe('quick');
});

test.each<[string, Route]>([
  ['has parameters', { url: '/:name' }],
  ['takes all that begins like it', { url: '/kept*' }],
  ['is of a host', { constraints: { host: /127/ } }],
  ['checks headers', { schema: { headers: { type: 'object' } } }],
  [
    'needs a parameter',
    {
      schema: { querystring: Type.Object({ range: Type.String() }) },
      validatorCompiler: () => () => true,
    },
  ],
])('a route that %s is Fastify’s', async (_what, route) => {
  const ask = await start({ route });
  expect((await ask()).way).toBe('fastify');
});

test.each<[string, (root: FastifyInstance) => unknown]>([
  [
    'whose handler another part of the app has put something around',
    (root) =>
      root.addHook('onRoute', (route) => {
        const { handler } = route;
        route.handler = function (request, reply) {
          return handler.call(this, request, reply);
        };
      }),
  ],
  [
    'whose path has a route of some hosts besides',
    (root) =>
      root.get('/kept', { constraints: { host: /^127/ } }, (_request, reply) =>
        reply.send({ way: 'fastify' }),
      ),
  ],
])('a route %s is Fastify’s', async (_what, before) => {
  const ask = await start({ before: (root) => void before(root) });
  expect((await ask()).way).toBe('fastify');
});

test.each<[string, () => string]>([
  [
    'throws',
    () => {
      throw new Error('a fault');
    },
  ],
  ['gives what cannot be sent', () => ({}) as string],
])('a fault ends no process: where what is kept %s, Fastify answers', async (_what, kept) => {
  const counted: string[] = [];
  const ask = await start({
    before: (root, gates) =>
      gates.install(root, { refuse: ({ raw }) => void counted.push(raw.url ?? '') }),
    route: { config: { kept } },
  });
  expect((await ask()).way).toBe('fastify');
  expect(counted, 'asked once').toEqual(['/kept']);
});

test('a header that cannot be sent stops the start, not each answer', async () => {
  const before = (root: FastifyInstance, gates: Gates) =>
    gates.install(root, { headers: { 'x-own': 'a\nb' } });
  await expect(start({ before })).rejects.toThrow('x-own');
});

test('a route is told what a question without parameters asks for', async () => {
  const querystring = Type.Object({ range: Type.String({ default: '1h' }) });
  const ask = await start({
    route: {
      schema: { querystring },
      validatorCompiler: () => () => true,
      config: { kept: (query) => JSON.stringify({ way: JSON.stringify(query) }) },
    },
  });
  expect((await ask()).way).toBe('{"range":"1h"}');
});

test('who is refused hears it from Fastify, and no gate is asked twice', async () => {
  const asked: string[] = [];
  const refuse = (name: string, error?: Error) => (request: Asked) => {
    asked.push(`${name}: ${request.needed()} for ${request.raw.url}`);
    return error;
  };
  const ask = await start({
    before(root, gates) {
      gates.install(root, { refuse: refuse('first') });
      gates.install(root, { refuse: refuse('second', new Error('no')) });
      gates.install(root, { refuse: refuse('third') });
    },
    route: { config: { access: 'operator' } },
  });
  expect((await ask()).status).toBe(500);
  expect(asked).toEqual(['first: operator for /kept', 'second: operator for /kept']);
  asked.length = 0;
  expect((await ask('/kept?a')).status).toBe(500);
  expect(asked).toEqual(['first: operator for /kept?a', 'second: operator for /kept?a']);
  asked.length = 0;
  expect((await ask('/else')).status).toBe(500);
  expect(asked).toEqual(
    [roleNeeded('GET'), roleNeeded('GET')].map(
      (role, at) => `${['first', 'second'][at]}: ${role} for /else`,
    ),
  );
});

test('a gate that throws lets nobody in', async () => {
  let asked = 0;
  const ask = await start({
    within: (inner, gates) =>
      gates.install(inner, {
        refuse() {
          asked += 1;
          throw new Error('a fault');
        },
      }),
  });
  expect((await ask()).status).toBe(500);
  expect(asked).toBe(1);
});

test('what is not kept Fastify makes', async () => {
  const answers: string[] = [];
  const ask = await start({ route: { config: { kept: () => answers[0] } } });
  expect((await ask()).way).toBe('fastify');
  answers.push('{"way":"quick"}');
  expect((await ask()).way).toBe('quick');
});

test('bytes and texts of any script are sent whole, the newest', async () => {
  const bodies = ['è😀', 'x'.repeat(9000), '日本'.repeat(3000)];
  let at = -1;
  const ask = await start({
    route: {
      config: {
        kept() {
          const text = JSON.stringify({ way: bodies[(at += 1)] });
          return text.length > 8192 ? Buffer.from(text) : text;
        },
      },
    },
  });
  for (const body of bodies) expect((await ask()).way).toBe(body);
});
