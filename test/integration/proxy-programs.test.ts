import { Ollama } from 'ollama';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { startFakeOllama, type RunningFakeOllama, type Script } from '../helpers/fake-ollama.ts';
import { startProgram } from '../helpers/start-program.ts';
import { startProxy, type RunningProxy } from '../helpers/start-proxy.ts';

/** Every answer is the same one, to the byte. */
const SAME_EVERY_TIME: Script = {
  createdAt: '2026-01-01T00:00:00Z',
  final: { total_duration: 5, load_duration: 1, prompt_eval_duration: 2, eval_duration: 3 },
};
const MESSAGES = [{ role: 'user', content: 'Why?' }];

const PYTHON = `
import json, sys, urllib.error, urllib.request
request = urllib.request.Request(sys.argv[1] + '/api/chat', json.dumps({'model': 'm:1', 'messages': [{'role': 'user', 'content': 'é'}]}).encode())
with urllib.request.urlopen(request) as answer:
    print(answer.status, answer.headers['content-type'])
    for line in answer: print(line)
try: urllib.request.urlopen(sys.argv[1] + '/nothing')
except urllib.error.HTTPError as error: print(error.code, error.read())
`;

describe('programs that know nothing of the proxy', () => {
  let server: RunningFakeOllama;
  let proxy: RunningProxy;
  beforeAll(async () => {
    server = await startFakeOllama({ respond: () => SAME_EVERY_TIME });
    proxy = await startProxy(server.url);
  });
  afterAll(async () => {
    await proxy.agent.stop();
    await server.close();
  });

  const twin = async <T>(run: (url: string) => Promise<T>) => ({
    direct: await run(server.url),
    proxied: await run(proxy.url),
  });

  test('the ollama package gets the same results', async () => {
    const { direct, proxied } = await twin(async (host) => {
      const ollama = new Ollama({ host });
      const seen: unknown[] = [];
      const parts = await ollama.chat({ model: 'm:1', messages: MESSAGES, stream: true });
      for await (const part of parts) seen.push(part);
      seen.push(await ollama.embed({ model: 'm:1', input: ['a'] }));
      seen.push((await ollama.list()).models.length);
      return seen;
    });
    expect(proxied).toHaveLength(12);
    expect(proxied).toEqual(direct);
  });

  async function output(command: string, args: readonly string[]): Promise<string> {
    const program = startProgram(command, args, { env: { NO_PROXY: '127.0.0.1' } });
    await program.exited;
    return program.output();
  }

  test('curl prints the same', async () => {
    const body = JSON.stringify({ model: 'm:1', prompt: 'Why?' });
    const { direct, proxied } = await twin((url) =>
      output('curl', ['-sN', '-w', '%{http_code}', '-d', body, `${url}/api/generate`]),
    );
    expect(proxied).toMatch(/"done":true.*200$/s);
    expect(proxied).toBe(direct);
  });

  test("Python's urllib prints the same", async () => {
    const { direct, proxied } = await twin((url) => output('python3', ['-c', PYTHON, url]));
    expect(proxied).toContain('200 application/x-ndjson');
    expect(proxied).toMatch(/404 /);
    expect(proxied).toBe(direct);
  });
});
