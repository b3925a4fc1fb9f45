import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

import { PORTS } from '@llm-monitor/contracts/bus';

import type { Context } from '../context.ts';
import type { ProxyPlan } from '../proxy/plan-proxy.ts';
import { serviceParts } from './services.ts';

const run = promisify(execFile);
const TIMEOUT_MS = 20_000;
/** Where nobody listens: what is asked is only whether the settings can be meant. */
const NOWHERE = { nats: 'nats://127.0.0.1:1', redis: 'redis://127.0.0.1:1' };

/** A service that would not start. */
export interface RefusedSettings {
  service: string;
  message: string;
}

/** Asks each service whether it could run with its settings. None of them starts. */
export async function checkSettings(
  { root, node, env, settingFiles }: Context,
  { webPort, proxy }: { webPort: number; proxy: ProxyPlan },
): Promise<RefusedSettings[]> {
  const parts = serviceParts({
    ...{ root, node, env, settingFiles, proxy },
    addresses: {
      natsUrl: env['NATS_URL'] || NOWHERE.nats,
      redisUrl: env['REDIS_URL'] || NOWHERE.redis,
      ports: { ...PORTS, web: webPort },
    },
  });
  const results = await Promise.all(
    parts.map(async ({ name, command, args, env: given }) => {
      try {
        await run(command, [...args, '--check-settings'], { env: given, timeout: TIMEOUT_MS });
        return undefined;
      } catch (error) {
        const message = (error as { stderr?: string }).stderr?.trim();
        // One that says nothing has refused nothing: it was killed, or is too slow here.
        return message ? { service: name, message } : undefined;
      }
    }),
  );
  return results.filter((result) => result !== undefined);
}
