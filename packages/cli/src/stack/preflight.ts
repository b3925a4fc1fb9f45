import { PORTS } from '@llm-monitor/contracts/bus';

import { readBusListening } from '../bus/bus-listening.ts';
import { CliError } from '../cli-error.ts';
import type { Context } from '../context.ts';
import { probeHome } from '../home/home.ts';
import { shownAddress } from '../proxy/ollama-address.ts';
import { planProxy } from '../proxy/plan-proxy.ts';
import { assertServersKnown } from '../servers/obtain-servers.ts';
import { checkSettings } from './check-settings.ts';
import { claimNatsPort, claimWebPort, type OwnPorts } from './claim-ports.ts';
import { maxMemoryOf, neededServers } from './plan-stack.ts';
import { givenAs } from './setting-files.ts';
import type { StackState } from './stack-state.ts';

/**
 * All that a start would refuse, found out while another stack still runs. Leaves everything as it was.
 * @throws {CliError} with what a start would say
 */
export async function preflight(
  context: Context,
  { webPort, own }: { webPort: number; own: OwnPorts },
): Promise<void> {
  const { env, command } = context;
  await probeHome(context.home);
  await claimWebPort(webPort, own, command);
  const listening = readBusListening(env);
  if (!env['NATS_URL']) await claimNatsPort(env, listening, own, command);
  const proxy = await planProxy(env, own);
  if (!env['REDIS_URL']) maxMemoryOf(env);
  assertServersKnown(neededServers(env), env);
  const refused = await checkSettings(context, { webPort, proxy });
  const [first] = refused;
  if (!first) return;
  throw new CliError(`The ${first.service} service would not start: ${first.message}`, {
    hint: 'Nothing was stopped.',
  });
}

/** The ports of a stack that runs, as it describes itself. */
export function portsOf(state: StackState | undefined): OwnPorts {
  if (!state) return new Set();
  const proxies = [...(state.proxy ? [state.proxy] : []), ...(state.proxies ?? [])];
  const urls = [
    ...[state.webUrl, state.apiUrl],
    ...state.parts.flatMap(({ readyUrl }) => readyUrl ?? []),
    ...proxies.map(({ listen }) => `http://${listen}`),
    ...(givenAs(state.settings, 'NATS_URL')
      ? []
      : [state.natsUrl.replace(/^(nats|tls):/, 'http:')]),
  ];
  return new Set(
    urls.map((url) => Number(shownAddress(new URL(url)).split(':').at(-1) ?? PORTS.web)),
  );
}
