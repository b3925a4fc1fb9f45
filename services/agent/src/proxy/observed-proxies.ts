import { randomBytes } from 'node:crypto';

import { createCallHub } from '@llm-monitor/client/observe';
import { subjectToken } from '@llm-monitor/contracts/bus';
import type { Logger, TlsSettings } from '@llm-monitor/runtime';

import { startProxies, type Proxies, type ProxyConfig } from './start-proxies.ts';

/**
 * Starts the proxies of an agent, whose calls are published as those of the apps that make them.
 * @throws {ConfigError} when they cannot listen
 */
export async function startObservedProxies(options: {
  config: {
    natsUrl: string;
    natsTls?: TlsSettings | undefined;
    host: string;
    proxy: ProxyConfig;
  };
  log: Logger;
}): Promise<Proxies> {
  const { config, log } = options;
  const { natsUrl, natsTls, host } = config;
  const instance = `agent-${subjectToken(host).slice(0, 80)}-${randomBytes(4).toString('hex')}`;
  const hub = createCallHub({
    ...{ natsUrl, host, instance },
    // Where the address says who this agent is, what the environment says of clients is not for it.
    ...(natsTls || natsUrl.includes('@') ? { nats: natsTls ? { tls: natsTls } : {} } : {}),
  });
  const proxies = await startProxies({ config: config.proxy, instance, hub, log });
  return {
    ...proxies,
    async close() {
      await proxies.close();
      await hub.close();
    },
  };
}
