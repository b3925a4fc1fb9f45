import { readBusListening } from '../bus/bus-listening.ts';
import { namedMonitor } from '../commands/named-monitor.ts';
import { webPortOf } from '../commands/web-port.ts';
import type { Context } from '../context.ts';
import { accessToken } from '../home/access-token.ts';
import { planProxy } from '../proxy/plan-proxy.ts';
import { readProxies } from '../proxy/read-proxies.ts';
import { assertServersKnown } from '../servers/obtain-servers.ts';
import { checkSettings } from '../stack/check-settings.ts';
import { natsPortOf } from '../stack/claim-ports.ts';
import { maxMemoryOf, neededServers } from '../stack/plan-stack.ts';
import { portsOf } from '../stack/preflight.ts';
import { settingsOver, withSettingFiles } from '../stack/setting-files.ts';
import type { StackState } from '../stack/stack-state.ts';
import { attempt } from './attempt.ts';
import type { Finding } from './finding.ts';
import { judgeFlow } from './judge-flow.ts';
import { judgeHome } from './judge-home.ts';
import { judgeMachine } from './judge-machine.ts';
import { judgeModels } from './judge-models.ts';
import { judgeSettings, refusalOf, type SettingReadings } from './judge-settings.ts';
import { judgeStack } from './judge-stack.ts';
import { readFlow } from './read-flow.ts';
import { readHome } from './read-home.ts';
import { readMachine } from './read-machine.ts';
import { readModels } from './read-models.ts';
import { readStack } from './read-stack.ts';

/** Looks at everything that commonly goes wrong. Nothing that is wrong keeps it from looking at the rest. */
export async function runDoctor(given: Context): Promise<Finding[]> {
  const context = readable(given);
  const { home, env } = given;
  const [{ readings, state }, machine, folder] = await Promise.all([
    readStack(context),
    readMachine(context, process.version),
    readHome(home, process.getuid?.()),
  ]);
  // What a stack was started with counts for it, not what this shell says.
  const at = state ? readable({ ...given, env: settingsOver(env, state.settings) }) : context;
  const [models, refused] = await Promise.all([readModels(at, state), readRefusals(at, state)]);
  const webUrl = attempt(() => namedMonitor(env)) ?? state?.webUrl;
  const token = attempt(() => accessToken(env));
  const flow = webUrl ? judgeFlow(await readFlow(context, { webUrl, token })) : [];
  return [
    ...judgeMachine(machine),
    ...judgeHome(folder),
    ...judgeSettings({ env, refused }),
    ...judgeStack(readings),
    ...judgeModels(models),
    ...flow,
  ];
}

/** With what stands in files, unless one of them cannot be read: then a start would say so. */
const readable = (context: Context): Context => attempt(() => withSettingFiles(context)) ?? context;

/** What a start, or one of the services, would refuse. */
async function readRefusals(
  context: Context,
  state: StackState | undefined,
): Promise<SettingReadings['refused']> {
  const { env } = context;
  const start = 'a start would refuse';
  const refused = [
    () => withSettingFiles(context),
    () => webPortOf(undefined, env),
    () => natsPortOf(env),
    () => readBusListening(env),
    () => readProxies(env['PROXIES']),
    () => maxMemoryOf(env),
    () => assertServersKnown(neededServers(env), env),
    () => accessToken(env),
  ].flatMap((check) => refusalOf(start, check));
  refused.push(...refusalOf('other commands would refuse', () => namedMonitor(env)));
  if (refused.length > 0) return refused;
  try {
    const proxy = await planProxy(env, portsOf(state));
    const services = await checkSettings(context, { webPort: webPortOf(undefined, env), proxy });
    return services.map(({ service, message }) => ({
      by: `the ${service} service would refuse`,
      message: message.replace(/\s*\n\s*/g, ' '),
    }));
  } catch (error) {
    return refusalOf(start, () => {
      throw error;
    });
  }
}
