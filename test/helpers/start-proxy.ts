import { freePort } from './free-port.ts';
import { startService, type Service } from './start-service.ts';

/** An agent whose proxy passes on to one server. */
export interface RunningProxy {
  /** Of the proxy. */
  url: string;
  port: number;
  agent: Service;
}

/** A port on which nothing listens. */
const NOWHERE = 'nats://127.0.0.1:9';

/**
 * Starts the agent, built code in a process of its own, with a proxy for `upstream`. Without a bus it samples nothing, so that the upstream
 * gets nothing but what the test sends; with one it asks the upstream for its models now and then.
 */
export async function startProxy(
  upstream: string,
  env: Record<string, string | undefined> = {},
): Promise<RunningProxy> {
  const port = await freePort();
  const agent = await startService('agent', {
    ...{ NATS_URL: NOWHERE, OLLAMA_URL: 'http://127.0.0.1:9', PROXY_LISTEN: 'off' },
    ...{ PROXIES: `${port}=${upstream}`, LLM_MONITOR_HOST_NAME: 'proxy-host' },
    ...env,
  });
  return { url: `http://127.0.0.1:${port}`, port, agent };
}
