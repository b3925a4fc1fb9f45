import * as http from 'node:http';
import * as https from 'node:https';

/** The one server that a proxy passes everything on to. */
export interface Upstream {
  url: URL;
  /** `http://host:port`. */
  origin: string;
  /** What its requests carry as `Host`. */
  host: string;
  /** The address of a request target there. */
  path(target: string): string;
  /** Begins a request; nothing is sent before it is written to or ended. */
  request(options: {
    method: string;
    path: string;
    headers: string[];
    pooled: boolean;
  }): http.ClientRequest;
  /** Closes the connections that wait to be used again. */
  closeIdle(): void;
  close(): void;
}

/** Shorter than the 5 s after which many servers close an idle connection: so a request seldom meets one that is being closed. */
const KEEP_IDLE_MS = 4000;
const TCP_KEEP_ALIVE_MS = 15_000;
/** Go's limit; Node's own of 16 KiB is less than what servers send and take. */
export const MAX_HEADER_BYTES = 1024 * 1024;

export function createUpstream(url: URL): Upstream {
  const { Agent, request } = url.protocol === 'https:' ? https : http;
  const pool = new Agent({
    keepAlive: true,
    keepAliveMsecs: TCP_KEEP_ALIVE_MS,
    scheduling: 'lifo',
    timeout: KEEP_IDLE_MS,
  });
  const prefix = url.pathname.replace(/\/+$/, '');
  const { protocol, port } = url;
  const hostname = url.hostname.replace(/[[\]]/g, '');
  return {
    url,
    origin: url.origin,
    host: url.host,
    path: (of) => (of.startsWith('/') ? prefix + of : of),
    request({ pooled, method, path, headers }) {
      // In one literal: a spread with so many fields costs more than the rest of this.
      const begun = request({
        protocol,
        hostname,
        port,
        method,
        path,
        headers,
        agent: pooled ? pool : false,
        setHost: false,
        maxHeaderSize: MAX_HEADER_BYTES,
        // The pool's time-out is for idle connections only.
        timeout: 0,
      });
      begun.maxHeadersCount = 0;
      return begun;
    },
    closeIdle() {
      for (const socket of Object.values(pool.freeSockets).flat()) socket?.destroy();
    },
    close: () => pool.destroy(),
  };
}
