import { describe, expect, test } from 'vitest';

import { headerPairs, headerTokens, requestHeaders, responseHeaders } from './hop-headers.ts';

const options = { host: 'up:1', instance: 'me', method: 'POST', framed: 'length' as const };

describe('headers to the upstream', () => {
  test('keep their case, order and duplicates, and get another host', () => {
    const raw = ['HOST', 'a', 'x-B', '1', 'X-b', '2', 'Content-Length', '3', 'Cookie', 'c'];
    expect(requestHeaders(raw, options)).toEqual([
      ...['HOST', 'up:1', 'x-B', '1', 'X-b', '2', 'Content-Length', '3', 'Cookie', 'c'],
      ...['x-llm-monitor-agent', 'me'],
    ]);
  });

  test('cannot lose their framing, their host or the mark of an agent by Connection', () => {
    const raw = [
      ...['Connection', 'content-length, host, x-llm-monitor-agent, x-a', 'Host', 'a'],
      ...['Content-Length', '3', 'X-A', '1', 'x-llm-monitor-agent', 'other'],
    ];
    expect(requestHeaders(raw, options)).toEqual([
      ...['Host', 'up:1', 'Content-Length', '3', 'x-llm-monitor-agent', 'other'],
      ...['x-llm-monitor-agent', 'me'],
    ]);
  });

  test('say that there is no body where Node would begin one', () => {
    const none = { ...options, framed: 'none' as const };
    expect(requestHeaders(['Host', 'a'], none)).toContain('Content-Length');
    expect(requestHeaders(['Host', 'a'], { ...none, method: 'DELETE' })).not.toContain(
      'Content-Length',
    );
  });

  test('have a host, also where the client named none', () => {
    expect(requestHeaders(['X-A', '1'], options)).toEqual([
      ...['Host', 'up:1', 'X-A', '1', 'x-llm-monitor-agent', 'me'],
    ]);
  });

  test('leave out what concerns the connection of the client alone, and what it names as such', () => {
    const raw = [
      ...['Connection', 'keep-alive, X-Hop ,', 'Keep-Alive', '5', 'Proxy-Authorization', 'p'],
      ...['Upgrade', 'h2c', 'HTTP2-Settings', 'AAA', 'X-Hop', '1', 'X-End', '2'],
    ];
    const left = ['Host', 'up:1', 'X-End', '2', 'x-llm-monitor-agent', 'me'];
    expect(requestHeaders(raw, options)).toEqual(left);
    const ofAll = ['Connection', 'keep-alive', 'Connection', 'x-end', 'X-End', '2'];
    expect(requestHeaders(ofAll, options)).not.toContain('X-End');
    expect(requestHeaders(['Connection', 'x-end', 'X-End', '2'], options)).not.toContain('X-End');
  });

  test('say that a body comes in chunks, and what may follow it, where it does', () => {
    const raw = ['Transfer-Encoding', 'Chunked', 'Trailer', 'X-Sum'];
    const chunked = { ...options, framed: 'chunked' as const };
    expect(requestHeaders(raw, chunked)).toEqual([
      ...['Host', 'up:1', 'Transfer-Encoding', 'chunked', 'Trailer', 'X-Sum'],
      ...['x-llm-monitor-agent', 'me'],
    ]);
    expect(requestHeaders(['Trailer', 'X-Sum'], options)).not.toContain('Trailer');
  });

  test.each(['trailers', 'deflate, Trailers ;q=0.5', 'deflate,trailers'])(
    'say that the client knows trailers, and no more of what it said by "%s"',
    (te) => {
      expect(requestHeaders(['TE', te], options)).toContain('trailers');
      expect(requestHeaders(['TE', te], options)).not.toContain('deflate, Trailers ;q=0.5');
    },
  );

  test.each([
    ['TE', 'deflate'],
    ['TE', 'notrailers'],
    ['TE', 'trailersx'],
  ])('do not say so for %s: %s', (name, value) => {
    expect(requestHeaders([name, value], options)).not.toContain(name);
  });
});

test('headers to the client keep repeated cookies, and chunks only where the client knows them', () => {
  const raw = [
    'Set-Cookie',
    'a',
    'Set-Cookie',
    'b',
    'Transfer-Encoding',
    'chunked',
    'Trailer',
    'x',
  ];
  const cookies = ['Set-Cookie', 'a', 'Set-Cookie', 'b'];
  const mark = ['x-llm-monitor-agent', 'me'];
  expect(responseHeaders(raw, { instance: 'me', chunked: true })).toEqual([...raw, ...mark]);
  expect(responseHeaders(raw, { instance: 'me', chunked: false })).toEqual([...cookies, ...mark]);
  const ofTheLine = ['Connection', 'close, X-Hop', 'Keep-Alive', 'timeout=5', 'X-Hop', '1'];
  expect(responseHeaders(ofTheLine, { instance: 'me', chunked: false })).toEqual(mark);
});

test('a list of a header is read in all its parts, and of no other header', () => {
  const raw = ['Accept', 'x', 'Upgrade', ' WebSocket, h2c', 'upgrade', ',', 'Upgrad3', 'y'];
  expect(headerTokens(raw, 'upgrade')).toEqual(['websocket', 'h2c']);
  expect(headerPairs(['A', '1', 'B', '2'])).toEqual([
    ['A', '1'],
    ['B', '2'],
  ]);
});
