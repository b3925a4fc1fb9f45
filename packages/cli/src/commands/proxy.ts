import { createConnection } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

import { PORTS } from '@llm-monitor/contracts/bus';

import { CliError } from '../cli-error.ts';
import type { Context } from '../context.ts';
import { plainLog } from '../logs/plain-log.ts';
import { whenAborted } from '../processes/when-aborted.ts';
import { DEFAULT_LISTEN } from '../proxy/plan-proxy.ts';
import {
  chooseUpstream,
  parseListenAddress,
  reachedAt,
  type ListenAddress,
} from '../proxy/proxy-address.ts';
import { createAgentLines, type AgentLines } from '../proxy/agent-lines.ts';
import { proxyBanner } from '../proxy/proxy-banner.ts';
import { findPortHolder } from '../stack/port-holder.ts';
import { createPortPool, isPortFree } from '../stack/ports.ts';
import { proxyEnvironment, serviceArguments, STOP_GRACE_MS } from '../stack/services.ts';
import { asFile, handedOn, withSettingFiles } from '../stack/setting-files.ts';
import { supervisePart, type Part } from '../stack/supervise-part.ts';

const POLL_MS = 50;
const START_TIMEOUT_MS = 20_000;

/** `proxy`: the agent alone, in the foreground, until Ctrl+C or SIGTERM. */
export async function proxy(
  given: Context,
  options: {
    listen?: string | undefined;
    upstream?: string | undefined;
    /** The bus of another machine's monitor, with credentials, and the file that holds it. */
    joined?: { url: string; file: string };
  },
): Promise<number> {
  const context = withSettingFiles(given);
  const { env, terminal } = context;
  const listen = readListen(options.listen, env['PROXY_LISTEN']);
  const upstream = chooseUpstream(listen, { given: options.upstream, env });
  if (!(await isPortFree(listen.port))) throw await portTaken(listen, context.command);
  const natsUrl =
    options.joined?.url ||
    env['NATS_URL'] ||
    env['LLM_MONITOR_NATS_URL'] ||
    `nats://127.0.0.1:${PORTS.nats}`;
  const { stopped, forced } = context.catchSignals();
  const failure: { error?: CliError } = {};
  const natsFile = options.joined?.file ?? context.settingFiles?.['NATS_URL'];
  const lines = createAgentLines(terminal);
  const proxied = { listen, upstream, natsUrl, natsFile, failure, lines };
  const part = await superviseAgent(context, proxied);
  forced.addEventListener('abort', () => part.kill());
  part.start();
  try {
    await untilItListens(listen, failure, stopped);
    if (!stopped.aborted) {
      const banner = await proxyBanner({ listen, upstream, natsUrl }, terminal.style);
      terminal.print(banner.text);
      lines.hearBanner(!banner.hasNats);
      await whenAborted(stopped);
    }
  } finally {
    await part.stop();
  }
  return forced.aborted ? 130 : 0;
}

function readListen(typed: string | undefined, fromEnv: string | undefined): ListenAddress {
  const usual = fromEnv && fromEnv.toLowerCase() !== 'off' ? fromEnv : DEFAULT_LISTEN;
  const listen = parseListenAddress(typed ?? usual);
  if (listen) return listen;
  throw new CliError(`The proxy cannot listen on "${typed ?? usual}".`, {
    hint: `Give host:port, or a port:  --listen ${DEFAULT_LISTEN}`,
  });
}

async function portTaken(listen: ListenAddress, command: string): Promise<CliError> {
  const holder = await findPortHolder(listen.port);
  return new CliError(
    `Port ${listen.port}, where the proxy would listen, is taken${holder ? ` by ${holder}` : ''}.`,
    {
      hint: [
        `Choose another:  ${command} proxy --listen ${listen.host}:${listen.port + 1}`,
        `A monitor that runs has its own proxy:  ${command} status  shows where.`,
      ].join('\n'),
    },
  );
}

async function superviseAgent(
  context: Context,
  proxied: {
    listen: ListenAddress;
    upstream: URL;
    natsUrl: string;
    natsFile: string | undefined;
    lines: AgentLines;
    failure: { error?: CliError };
  },
): Promise<Part> {
  const { terminal, root, node } = context;
  const env = handedOn(context);
  const pool = createPortPool();
  pool.reserve(proxied.listen.port);
  const definition = {
    name: 'agent',
    command: node,
    args: serviceArguments(root, 'agent'),
    env: {
      ...env,
      // What it does all the time is not for a terminal; what goes wrong is.
      LOG_LEVEL: env['LOG_LEVEL'] || 'warn',
      NODE_ENV: 'production',
      ...(proxied.natsFile ? asFile('NATS_URL', proxied.natsFile) : { NATS_URL: proxied.natsUrl }),
      HOST: '127.0.0.1',
      PORT: String(await pool.take(PORTS.agent)),
      ...proxyEnvironment(proxied),
    },
    stopGraceMs: STOP_GRACE_MS,
  };
  return supervisePart(definition, {
    log: proxied.lines.log,
    nowMs: Date.now,
    events: {
      onStarted: () => undefined,
      onDied(part, { how, delayMs }) {
        proxied.failure.error = new CliError(`The proxy ${how}.`, { hint: plainLog(part.tail()) });
        terminal.printError(`The proxy ${how}; it is started again in ${delayMs / 1000} s.`);
      },
    },
  });
}

async function untilItListens(
  listen: ListenAddress,
  failure: { error?: CliError },
  stopped: AbortSignal,
): Promise<void> {
  const endMs = Date.now() + START_TIMEOUT_MS;
  while (!stopped.aborted && !(await canConnect(listen))) {
    if (failure.error) throw failure.error;
    if (Date.now() > endMs)
      throw new CliError(`The proxy did not listen in ${START_TIMEOUT_MS / 1000} s.`);
    await delay(POLL_MS);
  }
}

function canConnect(listen: ListenAddress): Promise<boolean> {
  const { hostname, port } = new URL(`http://${reachedAt(listen)}`);
  return new Promise((resolve) => {
    const socket = createConnection({ host: hostname.replace(/[[\]]/g, ''), port: Number(port) });
    const end = (isOpen: boolean) => {
      socket.destroy();
      resolve(isOpen);
    };
    socket.once('connect', () => end(true));
    socket.once('error', () => end(false));
  });
}
