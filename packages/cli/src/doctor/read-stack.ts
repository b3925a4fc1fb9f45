import { localHostOf, readBusListening } from '../bus/bus-listening.ts';
import { readHealth } from '../commands/status.ts';
import { webPortOf } from '../commands/web-port.ts';
import type { Context } from '../context.ts';
import { readPidFile } from '../home/pid-file.ts';
import { isRunning } from '../processes/process-identity.ts';
import { DEFAULT_LISTEN } from '../proxy/plan-proxy.ts';
import { parseListenAddress } from '../proxy/proxy-address.ts';
import { natsPortOf } from '../stack/claim-ports.ts';
import { findPortHolder } from '../stack/port-holder.ts';
import { isPortFree } from '../stack/ports.ts';
import { readStackState, type StackState } from '../stack/stack-state.ts';
import { attempt } from './attempt.ts';
import type { StackReadings } from './judge-stack.ts';

/** What runs, with the state that it left; also what a stack left behind that does not run any more. */
export async function readStack(
  context: Context,
): Promise<{ readings: StackReadings; state: StackState | undefined }> {
  const { home, command } = context;
  const found = await readPidFile(home.pidFile);
  const state = await readStackState(home.stateFile);
  const isUp = found.state === 'running';
  const parts = await Promise.all(
    (state?.parts ?? []).map(async (part) => {
      const isAlive = part.process !== undefined && (await isRunning(part.process));
      const health =
        isAlive && isUp && state
          ? await readHealth(part, state)
          : { ready: false as const, why: 'it does not run' };
      return { name: part.name, restarts: part.restarts, isAlive, health };
    }),
  );
  const pid = found.state === 'running' ? found.identity.pid : undefined;
  const readings: StackReadings = {
    pid: { state: found.state, pid },
    webUrl: isUp ? state?.webUrl : undefined,
    parts,
    // What was left behind holds them, and ends with the next start.
    ports: isUp || parts.some(({ isAlive }) => isAlive) ? [] : await readPorts(context),
    command,
  };
  return { readings, state: isUp ? state : undefined };
}

/** Ports that a start would take. Settings that cannot be meant are told elsewhere, so what they say is left out. */
async function readPorts({ env }: Context): Promise<StackReadings['ports']> {
  const web = attempt(() => webPortOf(undefined, env));
  const nats = env['NATS_URL'] ? undefined : attempt(() => natsPortOf(env));
  const listening = attempt(() => readBusListening(env));
  const given = env['PROXY_LISTEN']?.trim() || DEFAULT_LISTEN;
  const proxy = parseListenAddress(given);
  const wanted = [
    ...(web === undefined ? [] : [{ name: 'the dashboard', port: web, setting: 'PORT=%' }]),
    ...(nats === undefined ? [] : [{ name: 'NATS', port: nats, setting: 'NATS_PORT=%' }]),
    ...(proxy
      ? [{ name: 'the proxy', port: proxy.port, setting: `PROXY_LISTEN=${proxy.host}:%` }]
      : []),
  ];
  return await Promise.all(
    wanted.map(async (one) => {
      const host = one.name === 'NATS' && listening ? localHostOf(listening) : undefined;
      const isFree = await isPortFree(one.port, host);
      return { ...one, isFree, holder: isFree ? undefined : await findPortHolder(one.port) };
    }),
  );
}
