import { PORTS } from '@llm-monitor/contracts/bus';

import { CliError } from '../cli-error.ts';
import { findPortHolder } from '../stack/port-holder.ts';
import { canTakePort, type OwnPorts } from '../stack/claim-ports.ts';
import { readProxies, type ProxyRoute } from './read-proxies.ts';
import {
  chooseUpstream,
  parseListenAddress,
  reachedAt,
  type ListenAddress,
} from './proxy-address.ts';

export const DEFAULT_LISTEN = `127.0.0.1:${PORTS.agentProxy}`;

/** The proxies of a stack: where that to Ollama listens, or why it does not. */
export interface ProxyPlan {
  listen: ListenAddress | undefined;
  upstream: URL;
  /** Set when it was wanted and cannot be. */
  whyNot: string | undefined;
  /** Those to other servers. */
  more: readonly ProxyRoute[];
}

/**
 * Decides on the proxies of a stack. One to another server was asked for by name, so a port that is taken is no small matter.
 * @throws {CliError} when a setting cannot be meant, or a port of `PROXIES` is taken
 */
export async function planProxy(
  env: Record<string, string | undefined>,
  own: OwnPorts,
): Promise<ProxyPlan> {
  const more = readProxies(env['PROXIES']);
  for (const { listen } of more) {
    if (await canTakePort(listen.port, own)) continue;
    const holder = await findPortHolder(listen.port);
    throw new CliError(`Port ${listen.port} of PROXIES is taken${holder ? ` by ${holder}` : ''}.`, {
      hint: 'End that program, or name another port in PROXIES.',
    });
  }
  return { ...(await planFirst(env, own)), more };
}

/**
 * Decides on the proxy of a stack, which runs without one where its port is taken.
 * @throws {CliError} when `PROXY_LISTEN` or `OLLAMA_URL` cannot be meant
 */
async function planFirst(
  env: Record<string, string | undefined>,
  own: OwnPorts,
): Promise<Omit<ProxyPlan, 'more'>> {
  const given = env['PROXY_LISTEN']?.trim() || DEFAULT_LISTEN;
  if (given.toLowerCase() === 'off') {
    return { listen: undefined, upstream: chooseUpstream(undefined, { env }), whyNot: undefined };
  }
  const listen = parseListenAddress(given);
  if (!listen) {
    throw new CliError(`PROXY_LISTEN is "${given}".`, {
      hint: `It must be host:port, such as ${DEFAULT_LISTEN}, or off.`,
    });
  }
  const upstream = chooseUpstream(listen, { env });
  if (await canTakePort(listen.port, own)) return { listen, upstream, whyNot: undefined };
  const holder = await findPortHolder(listen.port);
  const whyNot = `${reachedAt(listen)} is taken${holder ? ` by ${holder}` : ''}; PROXY_LISTEN=${listen.host}:${listen.port + 1} moves it`;
  return { listen: undefined, upstream, whyNot };
}
