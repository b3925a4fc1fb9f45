import type { Status } from '@llm-monitor/contracts/rest';

import type { Context } from '../context.ts';
import { accessToken } from '../home/access-token.ts';
import { readPidFile } from '../home/pid-file.ts';
import { httpGet } from '../processes/http-get.ts';
import { isRunning, type ProcessIdentity } from '../processes/process-identity.ts';
import { readMemory } from '../processes/read-memory.ts';
import { serverAnswers } from '../proxy/find-server.ts';
import { pingNats, pingRedis } from '../servers/ping.ts';
import { askReadiness, type ReadinessReport } from '../stack/readiness.ts';
import { readStackState, type PartState, type StackState } from '../stack/stack-state.ts';
import {
  formatFigures,
  formatParts,
  formatProxies,
  type PartRow,
  type ProxyRow,
} from './status-table.ts';

/** As `systemctl status` and init scripts answer for what does not run. */
const NOT_RUNNING = 3;
const TIMEOUT_MS = 3000;

/** `status`: each part with its state, health and memory, and what the API counts. */
export async function status(context: Context): Promise<number> {
  const { terminal, home, env } = context;
  const found = await readPidFile(home.pidFile);
  const state = await readStackState(home.stateFile);
  if (found.state !== 'running' || !state) {
    terminal.print('LLM Monitor does not run.');
    if (found.state === 'stale')
      terminal.print('It left a stale PID file; the next start removes it.');
    terminal.print(terminal.style.dim(`${context.command} start  starts it.`));
    return NOT_RUNNING;
  }
  const [rows, proxies, figures] = await Promise.all([
    readRows(found.identity, state),
    readProxyRows(state),
    readFigures(state.webUrl, accessToken(env)),
  ]);
  const isWell = rows.every((row) => row.health.ready);
  const sign = isWell ? terminal.style.green('●') : terminal.style.yellow('●');
  terminal.print(`${sign} LLM Monitor runs at ${terminal.style.bold(state.webUrl)}\n`);
  terminal.print(formatParts(rows, Date.now(), terminal.style));
  if (proxies.length > 0) terminal.print(`\n${formatProxies(proxies, terminal.style)}`);
  terminal.print(
    `\n${figures ? formatFigures(figures) : 'The API gives no figures at the moment. If it has a token: set LLM_MONITOR_TOKEN here too.'}`,
  );
  return 0;
}

async function readRows(supervisor: ProcessIdentity, state: StackState): Promise<PartRow[]> {
  const self: PartState = {
    name: 'llm-monitor',
    phase: 'running',
    process: supervisor,
    startedAtMs: state.startedAtMs,
    restarts: 0,
  };
  return await Promise.all(
    [self, ...state.parts].map(async (part): Promise<PartRow> => {
      const alive = part.process !== undefined && (await isRunning(part.process));
      return {
        part: { ...part, phase: alive ? part.phase : 'restarting' },
        memoryBytes: alive && part.process ? await readMemory(part.process.pid) : undefined,
        health: alive ? await readHealth(part, state) : { ready: false, why: 'not running' },
      };
    }),
  );
}

/** That to Ollama first, and whether the servers behind them answer. */
async function readProxyRows(state: StackState): Promise<ProxyRow[]> {
  const { proxy, proxies = [] } = state;
  const shown = [...(proxy ? [{ ...proxy, isOllama: true }] : []), ...proxies];
  return await Promise.all(
    shown.map(async (one) => ({
      ...{ isOllama: false, ...one },
      answers: await serverAnswers(new URL(`http://${one.upstream}`)),
    })),
  );
}

/** What a part that runs says of itself. */
export async function readHealth(part: PartState, state: StackState): Promise<ReadinessReport> {
  if (part.readyUrl) return await askReadiness(part.readyUrl);
  const answers =
    part.name === 'nats'
      ? await pingNats(state.natsUrl)
      : part.name !== 'redis' || (await pingRedis(state.redis));
  return answers ? { ready: true } : { ready: false, why: 'does not answer' };
}

async function readFigures(webUrl: string, token: string | undefined): Promise<Status | undefined> {
  try {
    const url = `${webUrl.replace('localhost', '127.0.0.1')}/api/status`;
    const { status: code, body } = await httpGet(url, { timeoutMs: TIMEOUT_MS, token });
    return code === 200 ? (body as Status) : undefined;
  } catch {
    return undefined;
  }
}
