import { PORTS } from '@llm-monitor/contracts/bus';

import { CliError } from '../cli-error.ts';
import { findPortHolder } from '../stack/port-holder.ts';
import { isPortFree } from '../stack/ports.ts';
import {
  chooseUpstream,
  parseListenAddress,
  reachedAt,
  type ListenAddress,
} from './proxy-address.ts';

export const DEFAULT_LISTEN = `127.0.0.1:${PORTS.agentProxy}`;

/** The proxy of a stack: where it listens, or why it does not. */
export interface ProxyPlan {
  listen: ListenAddress | undefined;
  upstream: URL;
  /** Set when it was wanted and cannot be. */
  whyNot: string | undefined;
}

/**
 * Decides on the proxy of a stack, which runs without one where its port is taken.
 * @throws {CliError} when `PROXY_LISTEN` or `OLLAMA_URL` cannot be meant
 */
export async function planProxy(env: Record<string, string | undefined>): Promise<ProxyPlan> {
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
  if (await isPortFree(listen.port)) return { listen, upstream, whyNot: undefined };
  const holder = await findPortHolder(listen.port);
  const whyNot = `${reachedAt(listen)} is taken${holder ? ` by ${holder}` : ''}; PROXY_LISTEN=${listen.host}:${listen.port + 1} moves it`;
  return { listen: undefined, upstream, whyNot };
}
