import { followUsers } from '../bus/follow-users.ts';
import { moveStreams, type MovedStreams } from '../bus/move-streams.ts';
import type { Context } from '../context.ts';
import { prepareHome } from '../home/home.ts';
import { claimPidFile, releasePidFile } from '../home/pid-file.ts';
import { ownIdentity } from '../processes/own-identity.ts';
import type { ProcessIdentity } from '../processes/process-identity.ts';
import { whenAborted } from '../processes/when-aborted.ts';
import { serverAnswers } from '../proxy/find-server.ts';
import { endLeftovers } from '../stack/end-leftovers.ts';
import { keptLimits } from '../stack/kept-settings.ts';
import { planStack, type StackPlan } from '../stack/plan-stack.ts';
import { runStack, type Stack } from '../stack/run-stack.ts';
import { withSettingFiles } from '../stack/setting-files.ts';
import { readLastState } from '../stack/stack-state.ts';
import { alreadyRuns } from './already-runs.ts';
import { signalNats } from './signal-nats.ts';
import { formatSummary } from './summary.ts';
import { webPortOf } from './web-port.ts';

/** `up`: runs the whole stack until Ctrl+C or SIGTERM. */
export async function up(
  given: Context,
  options: { port?: number | undefined; detached?: boolean | undefined },
): Promise<number> {
  const before = await readLastState(given.home);
  const limits = keptLimits(before?.settings ?? {}, given.env);
  const context = withSettingFiles({ ...given, env: { ...given.env, ...limits } });
  const say = options.detached ? sayWithTime(context) : context.terminal.print;
  const port = webPortOf(options.port, context.env);
  prepareHome(context.home);
  const mine = await ownIdentity(context.pid);
  const found = await claimPidFile(context.home.pidFile, mine);
  if (found.state === 'running' && found.identity.pid !== mine.pid) {
    context.tellStarter?.({ type: 'runs', by: found.identity });
    return await alreadyRuns(context, found.identity, options.port);
  }
  try {
    const kept = Object.entries(limits).map(([name, value]) => `${name}=${value}`);
    if (kept.length > 0) say(`As when it ran last: ${kept.join(', ')}.`);
    if (found.state === 'stale') say('Removed a stale PID file: that stack did not end properly.');
    return await runUntilStopped(context, port, say);
  } finally {
    await releasePidFile(context.home.pidFile, mine satisfies ProcessIdentity);
  }
}

async function runUntilStopped(
  context: Context,
  webPort: number,
  say: (text: string) => void,
): Promise<number> {
  const startedMs = Date.now();
  const { home, terminal, command } = context;
  const { stopped, forced } = context.catchSignals();
  const leftovers = await endLeftovers(home);
  if (leftovers.length > 0) say(`Ended what it had left behind: ${leftovers.join(', ')}.`);
  const { isRoot, user } = context;
  const plan = await planStack(context, { webPort, isRoot, user, say });
  const moved = await takeOver(plan, home, say);
  const stack = runStack(plan, { home, command, say });
  forced.addEventListener('abort', () => stack.kill());
  const users = followUsersOf(context, plan, say);
  let isReady = false;
  try {
    await stack.whenReady(stopped);
    isReady = true;
    if (!stopped.aborted) {
      const tookMs = Date.now() - startedMs;
      const hasServer = await serverAnswers(plan.proxy.upstream);
      const shown = { ...plan, folder: home.folder, command, tookMs, hasServer };
      const summary = formatSummary(shown, terminal.style);
      if (context.tellStarter) {
        context.tellStarter({ type: 'ready', summary });
        say(`Runs at ${plan.webUrl}.`);
      } else terminal.print(`${summary}\n\n${terminal.style.dim('Ctrl+C stops it.')}`);
      await whenAborted(stopped);
    }
    say('Stopping …');
  } finally {
    users?.stop();
    await stopStack(stack, home);
    if (!isReady) await moved?.moveBack();
  }
  say('Stopped. Your data stay.');
  return forced.aborted ? 130 : 0;
}

/** Of the stack's own NATS; those of another are for whoever runs it. */
function followUsersOf(
  context: Context,
  { servers }: StackPlan,
  say: (text: string) => void,
): { stop(): void } | undefined {
  if (!servers.some(({ name }) => name === 'nats')) return undefined;
  return followUsers({
    folder: context.home.bus,
    pid: context.pid,
    reload: () => signalNats(context),
    onError: ({ message }) => say(`NATS was not told of its users: ${message}`),
  });
}

/** Not before all is planned: what is refused leaves everything as it was, and a container that was left behind may have run until then. */
async function takeOver(
  { servers }: StackPlan,
  { nats }: Context['home'],
  say: (text: string) => void,
): Promise<MovedStreams | undefined> {
  if (!servers.some(({ name }) => name === 'nats')) return undefined;
  const moved = await moveStreams(nats, Date.now());
  if (moved?.aside !== undefined) say(setAside(moved.aside));
  return moved;
}

/** An older version ran once more after this one: the figures go on from what that one stored. */
const setAside = (folder: string) =>
  `An older version ran here last. Events from before that are in ${folder} and are not read any more; what was counted of them stays. Remove the folder when you need them no more.`;

async function stopStack(stack: Stack, home: Context['home']): Promise<void> {
  await stack.stop();
  await endLeftovers(home);
}

function sayWithTime(context: Context): (text: string) => void {
  return (text) => {
    context.terminal.print(`${new Date().toISOString()} ${text}`);
    context.tellStarter?.({ type: 'progress', text });
  };
}
