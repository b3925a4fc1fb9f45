import { describe, expect, it } from 'vitest';

import { chooseUpstream, parseListenAddress, reachedAt } from './proxy-address.ts';

const listen = { host: '127.0.0.1', port: 11_435 };
const upstream = (env: Record<string, string>, given?: string) =>
  chooseUpstream(listen, { given, env }).href;

describe('where the proxy listens', () => {
  it.each([
    ['11436', { host: '127.0.0.1', port: 11_436 }],
    ['0.0.0.0:11435', { host: '0.0.0.0', port: 11_435 }],
    ['[::1]:11435', { host: '[::1]', port: 11_435 }],
    ['localhost', undefined],
    ['127.0.0.1:0', undefined],
    ['127.0.0.1:99999', undefined],
    ['http://127.0.0.1:11435', undefined],
  ])('%s', (text, expected) => {
    expect(parseListenAddress(text)).toEqual(expected);
  });

  it('is shown as programs of this machine reach it', () => {
    expect(reachedAt({ host: '0.0.0.0', port: 11_435 })).toBe('127.0.0.1:11435');
  });
});

describe('the server behind the proxy', () => {
  it('is the Ollama of this machine unless something else is said', () => {
    expect(upstream({})).toBe('http://127.0.0.1:11434/');
    expect(upstream({ OLLAMA_HOST: '0.0.0.0' })).toBe('http://127.0.0.1:11434/');
    expect(upstream({ OLLAMA_HOST: 'gpu:11500' })).toBe('http://gpu:11500/');
    expect(upstream({ OLLAMA_HOST: 'gpu', OLLAMA_URL: 'https://llm.lan' })).toBe(
      'https://llm.lan/',
    );
    expect(upstream({ OLLAMA_URL: 'http://gpu' }, 'http://127.0.0.1:8000/base')).toBe(
      'http://127.0.0.1:8000/base',
    );
  });

  it('is still Ollama where OLLAMA_HOST names the proxy, as in the shell of its user', () => {
    expect(upstream({ OLLAMA_HOST: 'localhost:11435' })).toBe('http://127.0.0.1:11434/');
  });

  it('is never the proxy itself', () => {
    expect(() => upstream({}, 'http://localhost:11435')).toThrow('pass calls on to itself');
    expect(() => upstream({ OLLAMA_URL: 'http://127.0.0.1:11435' })).toThrow('to itself');
    const on = (host: string, given: string) =>
      chooseUpstream({ host, port: 11_435 }, { given, env: {} }).href;
    expect(() => on('0.0.0.0', 'http://localhost:11435')).toThrow('to itself');
    expect(() => on('10.0.0.1', 'http://10.0.0.1:11435')).toThrow('to itself');
    expect(on('10.0.0.1', 'http://localhost:11435')).toBe('http://localhost:11435/');
    expect(on('127.0.0.1', 'http://gpu:11435')).toBe('http://gpu:11435/');
    expect(on('127.0.0.1', ' http://127.0.0.1:11436 ')).toBe('http://127.0.0.1:11436/');
  });

  it('must be an address', () => {
    expect(() => upstream({}, 'ftp://gpu')).toThrow('--upstream is "ftp://gpu"');
    expect(() => upstream({ OLLAMA_HOST: 'a b' })).toThrow('OLLAMA_HOST is "a b"');
  });
});
