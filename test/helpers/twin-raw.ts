import { startRawServer, type RawRequest, type RawServer, type Step } from './raw-server.ts';
import type { TwinServer } from './twin-run.ts';

/** A raw server whose requests are compared. */
export type TwinRawServer = TwinServer & RawServer;

/** Serves the steps that `answer` gives, to the byte. */
export function raw(
  answer: (request: RawRequest, index: number) => readonly Step[],
): () => Promise<TwinRawServer> {
  return async () => {
    const server = await startRawServer(answer);
    return {
      ...server,
      async served() {
        await server.settled();
        return server.requests.map(describeRequest);
      },
    };
  };
}

/** What says to the agent whose call it is: the only thing that a server gets beside what it gets from the bare client. */
const IDENTITY = /^x-llm-monitor-(?:request-id|app): /i;

/** A request as a server got it, to be compared. */
function describeRequest({ connection, head, body, log, state }: RawRequest) {
  return {
    connection,
    head: head.filter((line) => !IDENTITY.test(line)),
    body: body.toString('latin1'),
    log,
    state,
  };
}
