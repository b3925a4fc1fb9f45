import { WebSocket } from 'undici';

import type { Program } from './start-program.ts';

const MIB = 1024 * 1024;
const PATIENCE_MS = 10_000;

/** For the environment of a Node program whose heap is to be read; on a free port of this machine alone. */
export const WITH_INSPECTOR = { NODE_OPTIONS: '--inspect=127.0.0.1:0' };

/**
 * What a Node program still holds after a collection of its garbage, MiB: heap and buffers. Resident memory also has what the collector
 * has not yet come to, which says nothing about a leak.
 */
export async function readLiveHeap(program: Pick<Program, 'output'>): Promise<number> {
  const address = /Debugger listening on (ws:\S+)/.exec(program.output())?.[1];
  if (!address) throw new Error(`no inspector listens:\n${program.output()}`);
  const socket = new WebSocket(address);
  const answers = new Map<number, (result: unknown) => void>();
  socket.addEventListener('message', ({ data }) => {
    const { id, result } = JSON.parse(String(data)) as { id?: number; result?: unknown };
    if (id !== undefined) answers.get(id)?.(result);
  });
  const late = AbortSignal.timeout(PATIENCE_MS);
  const failed = new Promise<never>((_, reject) => {
    socket.addEventListener('error', () => reject(new Error('the inspector does not answer')));
    late.addEventListener('abort', () => reject(new Error('the inspector takes too long')));
  });
  let asked = 0;
  const ask = async (method: string, params: object = {}): Promise<unknown> => {
    const id = (asked += 1);
    const answer = new Promise((resolve) => answers.set(id, resolve));
    socket.send(JSON.stringify({ id, method, params }));
    return await Promise.race([answer, failed]);
  };
  try {
    await Promise.race([
      new Promise((resolve) => socket.addEventListener('open', resolve)),
      failed,
    ]);
    await ask('HeapProfiler.collectGarbage');
    const read = '(({ heapUsed, external }) => heapUsed + external)(process.memoryUsage())';
    const { result } = (await ask('Runtime.evaluate', { expression: read })) as {
      result: { value: number };
    };
    return result.value / MIB;
  } finally {
    socket.close();
  }
}
