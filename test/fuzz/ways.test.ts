// Whatever is sent, an API with the quick way says what one without says.
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { startBothWays, type BothWays } from '../helpers/both-ways.ts';
import { startRedis, type RedisServer } from '../helpers/start-redis.ts';
import { fuzzRuns } from './fuzz-runs.ts';

let redis: RedisServer;
let both: BothWays;

beforeAll(async () => {
  redis = await startRedis();
  both = await startBothWays({
    redisUrl: redis.url,
    tokens: { operator: 'the-operator', viewer: 'the-viewer' },
    // Of which none comes near: how it counts is tested elsewhere.
    rateLimit: 1_000_000,
    webAddresses: 'loopback',
  });
});
afterAll(async () => {
  await both.close();
  await redis.stop();
});

/** Mostly what is let in: one thing that is wrong shall not hide behind another. */
const mostly = <T>(usual: T, other: fc.Arbitrary<T>) =>
  fc.oneof({ weight: 6, arbitrary: fc.constant(usual) }, { weight: 1, arbitrary: other });

const someText = fc.string({ unit: 'binary-ascii', maxLength: 12 });
const anyCase = (text: string) =>
  fc.infiniteStream(fc.boolean()).map((upper) => {
    const bits = [...upper.take(text.length)];
    return text.replaceAll(/./g, (sign, at: number) =>
      bits[at] ? sign.toUpperCase() : sign.toLowerCase(),
    );
  });

const target = mostly(
  '/api/status',
  fc.oneof(
    fc.constantFrom(
      ...['/api/status?', '/api/status/', '/api/status#', '/api/%73tatus', '//api/status', '*'],
      ...[
        'http://127.0.0.1/api/status',
        '/api/active',
        '/api/hosts',
        '/nothing',
        '/api/status?demo=',
        '/api/status?x',
      ],
    ),
    someText.map((text) => `/api/status${text}`),
    anyCase('/api/status'),
  ),
);
const method = mostly(
  'GET',
  fc.constantFrom('HEAD', 'POST', 'OPTIONS', 'DELETE', 'get', 'GETT', 'TRACE', 'CONNECT', ''),
);
const version = mostly(
  'HTTP/1.1',
  fc.constantFrom('HTTP/1.0', 'HTTP/1.2', 'HTTP/2.0', 'http/1.1', ''),
);

/** A line of a header; names in any case, spaces in any place. */
const line = (name: string, value: fc.Arbitrary<string>) =>
  fc
    .tuple(
      mostly(name, anyCase(name)),
      mostly(': ', fc.constantFrom(':', ' : ', ':\t', '', ':  ')),
      value,
      mostly('', fc.constantFrom(' ', '\t', '\r', '\0', ';', ',')),
    )
    .map((parts) => parts.join(''));

const someHost = fc.oneof(
  fc.constantFrom('evil.example', '', '127.0.0.1, x', 'x@127.0.0.1', '[::1]', 'LOCALHOST:80', '*'),
  someText,
);
const host = line('Host', mostly('127.0.0.1', someHost));
const authorization = line(
  'Authorization',
  mostly(
    'Bearer the-viewer',
    fc.oneof(
      fc.constantFrom(
        'Bearer the-operator',
        'bearer the-viewer',
        'Bearer',
        'Basic eDp0aGUtdmlld2Vy',
        '',
      ),
      someText.map((text) => `Bearer ${text}`),
    ),
  ),
);
const number = fc.constantFrom('0', '1', '5', '+0', '-1', '0x1', '1e1', '', '0, 0');
const further = fc.oneof(
  line('Content-Length', number),
  line(
    'Transfer-Encoding',
    fc.constantFrom('chunked', 'identity', 'gzip, chunked', 'chunked, x', ''),
  ),
  // An offer alone, which Node takes for accepted, would hold the connection.
  line('Connection', fc.constantFrom('close', 'keep-alive', 'close, Upgrade', 'x')),
  line('Upgrade', fc.constantFrom('h2c', 'websocket', 'TLS/1.0', '')),
  line('Expect', fc.constantFrom('100-continue', '100-Continue', 'x', '')),
  line('X-Forwarded-For', fc.oneof(fc.ipV4(), fc.ipV6(), someText)),
  line('Origin', fc.constantFrom('http://evil.example', 'null', 'http://127.0.0.1')),
  line('Accept-Version', fc.constantFrom('1.x', '*', '')),
  line('Cookie', someText),
  fc.tuple(someText, someText).map((pair) => pair.join(':')),
  someText,
  host,
  authorization,
);

const request = fc
  .record({
    start: fc.tuple(method, target, version),
    lines: fc
      .tuple(
        mostly(1, fc.constant(0)),
        mostly(1, fc.constant(0)),
        fc.array(further, { maxLength: 2 }),
      )
      .chain(([hosts, tokens, more]) =>
        fc.tuple(
          fc.array(host, { minLength: hosts, maxLength: hosts }),
          fc.array(authorization, { minLength: tokens, maxLength: tokens }),
          fc.shuffledSubarray(more, { minLength: more.length }),
        ),
      ),
    end: mostly('\r\n', fc.constant('\n')),
    body: mostly('', fc.constantFrom('0\r\n\r\n', '1\r\nx\r\n0\r\n\r\n', 'x', 'hello')),
  })
  .map(({ start, lines, end, body }) =>
    [[start.join(' '), ...lines.flat(2)].join(end), end, end, body].join(''),
  );

/** The last request ends the connection, if nothing before it does. */
const END =
  'GET /api/status HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer the-viewer\r\nConnection: close\r\n\r\n';

test('any requests, one behind the other on a connection', async () => {
  let [quick, total] = [0, 0];
  await fc.assert(
    fc.asyncProperty(fc.array(request, { minLength: 1, maxLength: 3 }), async (requests) => {
      const answers = await both.send(requests.join('') + END);
      expect(answers.quick.text).toBe(answers.slow.text);
      total += answers.slow.handled;
      quick += answers.slow.handled - answers.quick.handled;
    }),
    fuzzRuns(100),
  );
  // It was not all refused, nor all by one way.
  expect(quick / total).toBeGreaterThan(0.1);
  expect(quick).toBeLessThan(total);
});
