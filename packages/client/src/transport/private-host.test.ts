import { expect, test } from 'vitest';

import { isPrivateHost } from './private-host.ts';

test.each([
  'http://127.0.0.1:11434/api/chat',
  'http://localhost:11435/v1/chat/completions',
  'http://[::1]:11434/api/chat',
  'http://192.168.1.7:11434/api/chat',
  'http://172.20.0.2/api/chat',
  'http://100.101.102.103:11434/api/chat',
  'http://ollama:11434/api/chat',
  'http://host.docker.internal:11434/api/chat',
  'http://gpu.local:11434',
])('%s is on a private network', (url) => {
  expect(isPrivateHost(url)).toBe(true);
});

test.each([
  'https://api.openai.com/v1/chat/completions',
  'https://127.0.0.1.example.com/v1/chat/completions',
  'https://127.0.0.1@example.com/v1/chat/completions',
  'https://8.8.8.8/v1/messages',
  'http://172.32.0.1/api/chat',
  'http://[2001:db8::1]/api/chat',
  'not a url',
  '/api/chat',
])('%s is not', (url) => {
  expect(isPrivateHost(url)).toBe(false);
});
