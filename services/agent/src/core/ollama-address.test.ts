import { describe, expect, it } from 'vitest';

import { parseOllamaAddress, shownAddress } from './ollama-address.ts';

describe('parseOllamaAddress', () => {
  it.each([
    ['', 'http://127.0.0.1:11434'],
    ['127.0.0.1', 'http://127.0.0.1:11434'],
    ['gpu-box:9999', 'http://gpu-box:9999'],
    [':9999', 'http://127.0.0.1:9999'],
    ['0.0.0.0:11434', 'http://127.0.0.1:11434'],
    ['[::]:11434', 'http://127.0.0.1:11434'],
    ['http://gpu-box', 'http://gpu-box:11434'],
    ['http://gpu-box:80', 'http://gpu-box'],
    ['https://llm.example.org/ollama/', 'https://llm.example.org/ollama'],
  ])('reads "%s" as %s', (text, url) => {
    expect(parseOllamaAddress(text)).toBe(url);
  });

  it.each(['ftp://x', 'http://', 'http://a:b:c'])('refuses "%s"', (text) => {
    expect(parseOllamaAddress(text)).toBeUndefined();
  });
});

describe('shownAddress', () => {
  it('leaves out credentials and path', () => {
    expect(shownAddress('https://me:secret@llm.example.org/ollama')).toBe('llm.example.org:443');
  });
});
