import { readFile, writeFile } from 'node:fs/promises';

import type { BusPlace } from '../bus/bus-place.ts';
import type { BusUser } from '../bus/bus-users.ts';
import { formatJoinToken } from '../bus/join-token.ts';
import type { Context } from '../context.ts';
import { writePrivate } from '../home/write-private.ts';

/** What is handed over: as lines to print, and as the content of a file. */
export interface Told {
  head: string;
  secret: string;
}

export async function describeCredentials(
  user: BusUser,
  password: string,
  place: BusPlace,
): Promise<Told> {
  const { url, caFile } = place;
  if (user.role === 'agent') {
    const ca = caFile === undefined ? undefined : await readFile(caFile, 'utf8');
    const enrolment = { url, user: user.name, password, host: user.of, ca };
    return {
      head: `On ${user.of}, once; later  llm-monitor agent  is enough:`,
      secret: `llm-monitor agent --join ${formatJoinToken(enrolment)}`,
    };
  }
  if (user.role === 'reader') {
    const ca = caFile ? ` --tlsca ${caFile}` : '';
    return {
      head: 'It may listen to everything and say nothing:',
      secret: `nats -s ${url} --user ${user.name} --password ${password}${ca} --inbox-prefix _INBOX_${user.name} sub 'llm.>'`,
    };
  }
  return {
    head: `Set this where ${user.of} runs:`,
    secret: [
      `LLM_MONITOR_APP=${user.of}`,
      `LLM_MONITOR_NATS_URL=${url}`,
      `LLM_MONITOR_NATS_USER=${user.name}`,
      `LLM_MONITOR_NATS_PASSWORD=${password}`,
      ...(caFile ? [`LLM_MONITOR_NATS_CA=${caFile}`] : []),
    ].join('\n'),
  };
}

/** Once: who made them has them nowhere. */
export async function tellCredentials(
  { terminal }: Context,
  made: { user: BusUser; told: Told; place: BusPlace; out: string | undefined },
): Promise<void> {
  const { user, told, place, out } = made;
  terminal.print(`${terminal.style.green('✓')} ${user.name}: credentials of ${articleOf(user)}.`);
  if (out !== undefined) return await writeOut(terminal, told, place, out);
  terminal.print(`\n${told.head}\n\n${told.secret}\n`);
  terminal.print('It is shown once and kept nowhere: who has it may do what it says.');
  if (user.role !== 'app') return;
  if (place.caFile) terminal.print(`For another machine copy ${place.caFile} there too.`);
  if (!place.isReachable) terminal.print('NATS is reached from this machine only.');
}

async function writeOut(
  terminal: Context['terminal'],
  told: Told,
  { caFile }: BusPlace,
  path: string,
): Promise<void> {
  let content = told.secret;
  if (caFile) {
    await writePrivate(`${path}.ca.pem`, await readFile(caFile, 'utf8'), { mode: 0o644 });
    content = content.replace(caFile, `${path}.ca.pem`);
  }
  await writeFile(path, `${content}\n`, { mode: 0o600, flag: 'wx' });
  terminal.print(`Written to ${path}, which only you may read.`);
}

const articleOf = ({ role, of }: BusUser) =>
  role === 'app' ? `the app ${of}` : role === 'agent' ? `the agent on ${of}` : 'a reader';
