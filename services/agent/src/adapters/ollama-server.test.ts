import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

import { expect, test, vi } from 'vitest';

import { createOllamaServer } from './ollama-server.ts';

test('a server that is none of Ollama is not found, without a word', async () => {
  const said = vi.spyOn(console, 'log').mockImplementation(() => undefined);
  const other = createServer((_, response) => response.writeHead(404).end('Not Found'));
  other.listen(0, '127.0.0.1');
  await once(other, 'listening');
  try {
    const { port } = other.address() as AddressInfo;
    const server = createOllamaServer(`http://127.0.0.1:${port}`);
    for (const ask of [server.loaded, server.listed, server.version]) {
      await expect(ask()).rejects.toThrow('404');
    }
    expect(said).not.toHaveBeenCalled();
  } finally {
    said.mockRestore();
    other.close();
    other.closeAllConnections();
  }
});
