import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';

import { freePort } from './free-port.ts';
import { readRequests } from './raw-requests.ts';
import { waitFor } from './wait-for.ts';

/**
 * What a raw server does next with a connection: send these bytes exactly; wait until a gate is opened; close or reset the
 * connection; send nothing more until the client leaves.
 */
export type Step =
  | string
  | Uint8Array
  | { gate: string }
  | { does: 'half-close' | 'reset' | 'hang' };

/** Ends the answer's side of the connection. */
export const HALF_CLOSE: Step = { does: 'half-close' };
/** Resets the connection. */
export const RESET: Step = { does: 'reset' };
/** Sends nothing more until the client leaves. */
export const HANG: Step = { does: 'hang' };

/** Waits until the test opens the gate of this name. */
export const gate = (name: string): Step => ({ gate: name });

/** One request, to the byte, and what became of its answer. */
export interface RawRequest {
  /** Which connection it came on, counted from 0. */
  connection: number;
  /** The request line and the headers, in the order and case in which they came. */
  head: string[];
  body: Buffer;
  /** Bytes of the answer that the socket has taken. */
  sentBytes: number;
  /** Where its answer stands: `answered`, `at <gate>`, `hanging`, `client left`, or still `sending`. */
  state: string;
  /** What happened, in order: gates that opened, and how it ended. */
  log: string[];
}

/** A server that says exactly what it is told, chunk by chunk, also what no HTTP server would. */
export interface RawServer {
  url: string;
  requests: RawRequest[];
  open(gate: string): void;
  /** Resolves when no answer is being sent any more: each is complete, waits, or has lost its client. */
  settled(): Promise<unknown>;
  close(): Promise<void>;
}

/** Starts a server that answers each request with the steps that `answer` gives for it. */
export async function startRawServer(
  answer: (request: RawRequest, index: number) => readonly Step[],
): Promise<RawServer> {
  const requests: RawRequest[] = [];
  const gates = createGates();
  const sockets = new Set<Socket>();
  let connections = 0;
  const server = createServer({ allowHalfOpen: true, noDelay: true }, (socket) => {
    const connection = connections++;
    sockets.add(socket);
    const leaving = new AbortController();
    socket.on('error', () => leaving.abort());
    socket.on('end', () => leaving.abort());
    socket.on('close', () => {
      sockets.delete(socket);
      leaving.abort();
    });
    let turn = Promise.resolve();
    readRequests(socket, (head, body) => {
      const log: string[] = [];
      const request = { connection, head, body, log, sentBytes: 0, state: 'sending' };
      const steps = answer(request, requests.push(request) - 1);
      turn = turn.then(() => play(steps, request, { socket, gates, signal: leaving.signal }));
    });
    leaving.signal.addEventListener('abort', () => socket.end());
  });
  server.listen(await freePort(), '127.0.0.1');
  await once(server, 'listening');
  const address = server.address() as { port: number };
  return {
    url: `http://127.0.0.1:${address.port}`,
    requests,
    open: gates.open,
    settled: () =>
      waitFor('all answers to settle', () => requests.every(({ state }) => state !== 'sending')),
    async close() {
      const closed = once(server, 'close');
      server.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

interface Stage {
  socket: Socket;
  gates: ReturnType<typeof createGates>;
  /** Aborts when the client leaves. */
  signal: AbortSignal;
}

async function play(steps: readonly Step[], request: RawRequest, stage: Stage): Promise<void> {
  const { socket, signal } = stage;
  const settle = (state: string) => {
    request.state = state;
    request.log.push(state);
  };
  try {
    for (const step of steps) {
      signal.throwIfAborted();
      if (typeof step === 'string' || step instanceof Uint8Array) await send(step, request, stage);
      else if ('gate' in step) {
        request.state = `at ${step.gate}`;
        await stage.gates.wait(step.gate, signal);
        request.log.push(step.gate);
        request.state = 'sending';
      } else if (step.does === 'half-close') {
        // Over once the system has been told: a test may go by it.
        await new Promise<void>((done) => socket.end(() => done()));
      } else if (step.does === 'reset') {
        settle('answered');
        return void socket.resetAndDestroy();
      } else {
        request.state = 'hanging';
        await once(signal, 'abort');
      }
    }
    settle('answered');
  } catch {
    settle('client left');
  }
}

async function send(bytes: string | Uint8Array, request: RawRequest, { socket, signal }: Stage) {
  if (!socket.write(bytes)) await once(socket, 'drain', { signal });
  request.sentBytes += Buffer.byteLength(bytes);
  // Two turns of the loop between two writes keep them two reads for who listens in this process.
  for (let turn = 0; turn < 2; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}

function createGates() {
  const opened = new Set<string>();
  const waiting = new Set<() => void>();
  return {
    open(name: string) {
      opened.add(name);
      for (const check of waiting) check();
    },
    wait: (name: string, signal: AbortSignal) =>
      new Promise<void>((resolve, reject) => {
        const leave = () => {
          waiting.delete(check);
          reject(new Error('the client left'));
        };
        const check = () => {
          if (!opened.has(name)) return;
          waiting.delete(check);
          signal.removeEventListener('abort', leave);
          resolve();
        };
        waiting.add(check);
        signal.addEventListener('abort', leave, { once: true });
        if (signal.aborted) leave();
        check();
      }),
  };
}
