import type {
  AlertChannel,
  AlertChannels,
  AlertChannelTest,
  ChannelKind,
} from '@llm-monitor/contracts/alerts';

import { CliError } from '../cli-error.ts';
import type { Context } from '../context.ts';
import { oneLine } from '../terminal/printable.ts';
import { formatTable } from '../terminal/table.ts';
import { askApi } from './ask-api.ts';
import { findRunningStack, type RunningStack } from './running-stack.ts';

const HEAD = ['id', 'kind', 'name', 'state', 'last sent', 'last error'];
const ERROR_LENGTH = 80;
/** The other side has its time, and those between theirs. */
const TEST_TIMEOUT_MS = 40_000;

export const channelPath = (id: string): string => `/api/alerts/channels/${encodeURIComponent(id)}`;

/** What there is, and of what kinds there can be. @throws {CliError} */
export async function readChannels(stack: RunningStack): Promise<AlertChannels> {
  return (await askApi<AlertChannels>(stack, '/api/alerts/channels')).body;
}

/** `alerts channels`: all of them, and how each does. */
export async function listChannels(context: Context): Promise<number> {
  const { terminal, command } = context;
  const { channels } = await readChannels(await findRunningStack(context));
  if (channels.length === 0) {
    terminal.print('There are no channels: nobody is told when something is wrong.');
    terminal.print(`\n${command} alerts channels kinds   …add <kind> <id>`);
    return 0;
  }
  const rows = channels.map((channel) => [
    ...[channel.id, channel.kind, oneLine(channel.name), stateOf(channel)],
    channel.lastSentAt?.slice(0, 19).replace('T', ' ') ?? '—',
    errorOf(channel),
  ]);
  terminal.print(formatTable([HEAD.map(terminal.style.dim), ...rows], new Set()));
  terminal.print(`\n${command} alerts channels test <id>   …add <kind> <id>   …remove <id>`);
  return 0;
}

function stateOf({ enabled, waiting }: AlertChannel): string {
  if (!enabled) return 'off';
  return waiting > 0 ? `${waiting} waiting` : 'on';
}

/** One that was followed by a success is over. */
function errorOf({ lastError, lastSentAt }: AlertChannel): string {
  if (!lastError || (lastSentAt !== null && lastSentAt > lastError.at)) return '—';
  return oneLine(lastError.message).slice(0, ERROR_LENGTH);
}

/** `alerts channels kinds`: what each must know. */
export async function showKinds(context: Context, name: string | undefined): Promise<number> {
  const { terminal, command } = context;
  const { kinds } = await readChannels(await findRunningStack(context));
  const shown = name === undefined ? kinds : [kindNamed(kinds, name)];
  for (const { kind, description, settings } of shown) {
    terminal.print(`${terminal.style.bold(kind)}   ${description.en}`);
    const rows = Object.entries(settings.properties).map(([field, of]) => [
      `  ${field}`,
      [
        of.secret ? 'secret' : of.type,
        ...(settings.required.includes(field) ? ['needed'] : []),
        ...(of.default === undefined ? [] : [`else ${of.default}`]),
      ].join(', '),
      [of.title.en, of.enum?.join('|'), of.hint?.en].filter(Boolean).join('; '),
    ]);
    terminal.print(formatTable(rows, new Set()));
    terminal.print();
  }
  terminal.print(`${command} alerts channels add <kind> <id> field=value …`);
  return 0;
}

/** @throws {CliError} that names those that there are */
export function kindNamed(kinds: readonly ChannelKind[], name: string): ChannelKind {
  const found = kinds.find(({ kind }) => kind === name);
  if (found) return found;
  throw new CliError(`There is no kind of channel "${name}".`, {
    hint:
      kinds.length > 0
        ? `Known here: ${kinds.map(({ kind }) => kind).join(', ')}`
        : 'The alerts service says what kinds there are, and it has not run here yet.',
  });
}

/** `alerts channels remove`. */
export async function removeChannel(context: Context, id: string): Promise<number> {
  const stack = await findRunningStack(context);
  await askApi(stack, channelPath(id), { method: 'DELETE' });
  context.terminal.print(`Channel ${id} was removed.`);
  return 0;
}

/** `alerts channels test`: what the other side said. */
export async function testChannel(context: Context, id: string): Promise<number> {
  const { terminal } = context;
  const stack = await findRunningStack(context);
  const options = { method: 'POST', timeoutMs: TEST_TIMEOUT_MS };
  const { body } = await askApi<AlertChannelTest>(stack, `${channelPath(id)}/test`, options);
  const detail = oneLine(body.detail);
  if (body.ok) terminal.print(`${terminal.style.green('✓')} Sent. ${detail}`);
  else terminal.printError(`${terminal.style.red('✗')} Not taken. ${detail}`);
  return body.ok ? 0 : 1;
}
