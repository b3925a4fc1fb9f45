import type { IncomingHttpHeaders } from 'node:http';

/** A request that the fake server got, and what became of it. */
export interface ReceivedRequest {
  method: string;
  /** Path and query. */
  path: string;
  headers: IncomingHttpHeaders;
  /** The parsed JSON body; undefined when there was none or it was not JSON. */
  body: Record<string, unknown> | undefined;
  text: string;
  /** The client went away before the answer was complete. */
  disconnected: boolean;
  /** The answer was written to its end. */
  finished: boolean;
  /** Answer lines that were handed to the socket. */
  linesSent: number;
}
