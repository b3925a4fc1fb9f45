import { describe, expect, test } from 'vitest';

import { requestHeaders, responseHeaders } from './hop-headers.ts';

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
});
