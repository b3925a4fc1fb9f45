import { expect, test } from 'vitest';

import { namedMonitor } from './named-monitor.ts';

const of = (url?: string) => namedMonitor(url === undefined ? {} : { LLM_MONITOR_URL: url });

test('a monitor is named by its address, below a path too, or not at all', () => {
  expect(of()).toBeUndefined();
  expect(of('')).toBeUndefined();
  expect(of('http://127.0.0.1:8080/')).toBe('http://127.0.0.1:8080');
  expect(of('https://host/llm/')).toBe('https://host/llm');
});

test.each(['nonsense', '127.0.0.1:8080', 'localhost:8080', 'ftp://host'])(
  '%s is told to be none',
  (url) => expect(() => of(url)).toThrow(`LLM_MONITOR_URL is "${url}", which is no address`),
);
