import { readFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';

import { enrolledUrl, parseJoinToken, type Enrolment } from '../bus/join-token.ts';
import { CliError } from '../cli-error.ts';
import type { Context } from '../context.ts';
import { prepareHome, type Home } from '../home/home.ts';
import { writePrivate } from '../home/write-private.ts';
import { proxy } from './proxy.ts';

/** `agent`: the agent of this machine for the monitor of another, which enrolled it once by a join token. */
export async function agent(
  context: Context,
  options: {
    /** `-` for the standard input, where no list of processes shows it. */
    join?: string | undefined;
    listen?: string | undefined;
    upstream?: string | undefined;
  },
): Promise<number> {
  const { home, terminal, env } = context;
  if (options.join !== undefined) {
    const token = options.join === '-' ? await text(process.stdin) : options.join;
    const enrolment = parseJoinToken(token);
    prepareHome(home);
    await writePrivate(home.enrolment, `${JSON.stringify(enrolment)}\n`);
    terminal.print(`${terminal.style.green('✓')} Enrolled as ${enrolment.host}.`);
  }
  const enrolment = await readEnrolment(home);
  const { listen, upstream } = options;
  const joined = { url: enrolledUrl(enrolment), file: home.enrolledUrl };
  await writePrivate(joined.file, `${joined.url}\n`);
  return await proxy(
    { ...context, env: { ...env, ...environmentOf(enrolment) } },
    { listen, upstream, joined },
  );
}

/** Whatever else is set here does not say who this machine is on that bus. */
function environmentOf({ host, ca }: Enrolment): Record<string, string | undefined> {
  const none = ['NATS_CA_FILE', 'NATS_CERT_FILE', 'NATS_KEY_FILE', 'NATS_URL_FILE'];
  return {
    ...Object.fromEntries(none.map((name) => [name, undefined])),
    LLM_MONITOR_HOST_NAME: host,
    LLM_MONITOR_HOST_NAME_FILE: undefined,
    NATS_CA: ca,
    NATS_CERT: undefined,
    NATS_KEY: undefined,
  };
}

async function readEnrolment({ enrolment: path }: Home): Promise<Enrolment> {
  try {
    return JSON.parse(await readFile(path, 'utf8')) as Enrolment;
  } catch (cause) {
    throw new CliError('This machine has joined no monitor.', {
      hint: [
        'On the machine of the monitor:  llm-monitor credentials add --agent <name of this one>',
        'Then here what that prints:     llm-monitor agent --join <token>',
      ].join('\n'),
      cause,
    });
  }
}
