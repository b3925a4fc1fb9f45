import { mkdir } from 'node:fs/promises';

import { subjectToken } from '@llm-monitor/contracts/bus';

import { readBusState, type BusState } from '../bus/bus-state.ts';
import { busPlace, type BusPlace } from '../bus/bus-place.ts';
import {
  confOptionsOf,
  isStackUser,
  newPassword,
  readUsers,
  usersConfPath,
  writeUsers,
  type BusUser,
} from '../bus/bus-users.ts';
import { hashPassword } from '../bus/hash-password.ts';
import { lockUsers } from '../bus/lock-users.ts';
import { refuseOddName } from '../bus/refuse-odd-name.ts';
import type { UsersConfOptions } from '../bus/users-conf.ts';
import { CliError } from '../cli-error.ts';
import type { Context } from '../context.ts';
import { riskOfApps, riskOfCredentials, WITHOUT_NATS_RISKS } from '../servers/nats-risks.ts';
import { versionOfNats } from '../servers/ping.ts';
import { withSettingFiles } from '../stack/setting-files.ts';
import { formatTable } from '../terminal/table.ts';
import { placeOf as placeOfFile } from './place-of.ts';
import { findNats, signalNats } from './signal-nats.ts';
import { describeCredentials, tellCredentials } from './tell-credentials.ts';

/** Whom credentials are for. */
export interface CredentialsOptions {
  agent?: boolean | undefined;
  reader?: boolean | undefined;
  /** Where the bus is reached, when it is not the stack's own or has another address. */
  url?: string | undefined;
  ca?: string | undefined;
  /** A file for what is printed otherwise. */
  out?: string | undefined;
}

/** `credentials add`: a user of the bus that may speak for one app, or for the agent of one host, or only read. */
export async function addCredentials(
  given: Context,
  name: string,
  options: CredentialsOptions,
): Promise<number> {
  const context = withSettingFiles(given);
  const { home } = context;
  refuseOddName(name, roleOf(options));
  await mkdir(home.bus, { recursive: true, mode: 0o700 });
  return await lockUsers(home.bus, context.pid, () => add(context, name, options));
}

const roleOf = ({ agent, reader }: CredentialsOptions) =>
  agent ? 'agent' : reader ? 'reader' : 'app';

async function add(context: Context, name: string, options: CredentialsOptions): Promise<number> {
  const { home, command, env } = context;
  const role = roleOf(options);
  const userName = role === 'app' ? subjectToken(name) : `${role}-${subjectToken(name)}`;
  const users = await readUsers(home.bus);
  refuseTaken(userName, users, command);
  // Before anything is made: the password is told once.
  const out =
    options.out === undefined ? undefined : placeOfFile(options.out, false, 'Name another file.');
  const state = env['NATS_URL'] ? undefined : await readBusState(home.bus);
  const given = options.url ?? env['NATS_URL'];
  const place = busPlace(given, { folder: home.bus, ca: options.ca }, state);
  if (role === 'agent' && !place.isReachable) throw outOfReach(command);
  const password = newPassword();
  const user: BusUser = {
    ...{ name: userName, role, of: name, createdAtMs: Date.now() },
    password: await hashPassword(password),
  };
  await writeUsers(home.bus, [...users, user], await confOptions(context));
  const isHeld = await signalNats(context);
  const told = await describeCredentials(user, password, place);
  await tellCredentials(context, { user, told, place, out });
  const isApart = role === 'app' && state?.separatesApps;
  const riskOf = isApart ? riskOfApps : riskOfCredentials;
  if (role !== 'reader') await warnOfServer(context, place, riskOf);
  tellWhatIsLeft(context, isHeld, state);
  return 0;
}

/** `credentials list`: who may speak on the bus. */
export async function listCredentials({ home, terminal }: Context): Promise<number> {
  const users = (await readUsers(home.bus)).filter(({ name }) => !isStackUser(name));
  if (users.length === 0) {
    terminal.print('There are no credentials but those of the monitor itself.');
    return 0;
  }
  const rows = users.map(({ name, role, of, createdAtMs }) => [
    ...[name, role, of, new Date(createdAtMs).toISOString().slice(0, 16).replace('T', ' ')],
  ]);
  const head = ['name', 'role', 'of', 'since'].map(terminal.style.dim);
  terminal.print(formatTable([head, ...rows], new Set()));
  return 0;
}

/** `credentials revoke`: ends them at once; who is connected with them is cut off. */
export async function revokeCredentials(given: Context, name: string): Promise<number> {
  const context = withSettingFiles(given);
  const { bus } = context.home;
  await mkdir(bus, { recursive: true, mode: 0o700 });
  return await lockUsers(bus, context.pid, () => revoke(context, name));
}

async function revoke(context: Context, name: string): Promise<number> {
  const { home, command, terminal, env } = context;
  const users = await readUsers(home.bus);
  const rest = users.filter((user) => user.name !== name || isStackUser(name));
  if (rest.length === users.length) {
    throw new CliError(`There are no credentials named ${name}.`, {
      hint: `See which there are:  ${command} credentials list`,
    });
  }
  const state = env['NATS_URL'] ? undefined : await readBusState(home.bus);
  await writeUsers(home.bus, rest, await confOptions(context));
  const isHeld = await signalNats(context);
  terminal.print(`Revoked ${name}.`);
  tellWhatIsLeft(context, isHeld, state);
  return 0;
}

function refuseTaken(name: string, users: readonly BusUser[], command: string): void {
  if (isStackUser(name)) {
    throw new CliError(`${name} is a name of the monitor's own.`, { hint: 'Take another.' });
  }
  if (!users.some((user) => user.name === name)) return;
  throw new CliError(`There are credentials named ${name} already.`, {
    hint: `For new ones, end those first:  ${command} credentials revoke ${name}`,
  });
}

/** The stack's own NATS reads them while it runs, whichever one the environment names. */
async function confOptions(context: Context): Promise<UsersConfOptions> {
  const isOwn = !context.env['NATS_URL'] || (await findNats(context)) !== undefined;
  return confOptionsOf(isOwn ? await readBusState(context.home.bus) : undefined);
}

function outOfReach(command: string): CliError {
  return new CliError('NATS listens on this machine only, so no other could join.', {
    hint: [
      `Open it to the network, with TLS and credentials:  NATS_HOST=0.0.0.0 ${command} restart`,
      'Or name where it is reached:  --url tls://host:4222',
    ].join('\n'),
  });
}

/** Some servers let who has credentials do more than these say. One that does not answer now tells nothing. */
async function warnOfServer(
  { terminal }: Context,
  { url }: BusPlace,
  riskOf: (version: string) => string | undefined,
): Promise<void> {
  const version = await versionOfNats(url);
  const risk = version === undefined ? undefined : riskOf(version);
  if (risk === undefined) return;
  const mark = terminal.style.yellow('!');
  terminal.print(
    `${mark} NATS ${version} runs there: who has these credentials ${risk}.\n  ${WITHOUT_NATS_RISKS}`,
  );
}

function tellWhatIsLeft(
  { terminal, home, env, command }: Context,
  isHeld: boolean,
  state: BusState | undefined,
): void {
  const { dim } = terminal.style;
  if (env['NATS_URL'] || state?.isForeign) {
    const path = usersConfPath(home.bus);
    terminal.print(
      `NATS includes ${path}? Then have it read that now:  nats-server --signal reload  (or send it SIGHUP)`,
    );
  } else if (!isHeld) {
    terminal.print(dim(`It holds from the next start:  ${command} start`));
  } else if (state?.listening.isOpen) {
    terminal.print(
      dim(
        'Programs of this machine that bring no credentials are let in all the same; NATS_AUTH=required ends that.',
      ),
    );
  }
}
