import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';

import type { Context, StarterMessage } from './context.ts';
import { homeAt } from './home/home.ts';
import { openScreen } from './terminal/screen.ts';
import { createWriter } from './terminal/create-writer.ts';
import { createStyle, wantsColour } from './terminal/terminal.ts';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** What commands see of a process. */
export function createContext(options: {
  process: NodeJS.Process;
  main: string;
  root: string;
}): Context {
  const { process: host, main, root } = options;
  const { env, stdout, stderr, stdin } = host;
  const isCheckout = existsSync(join(root, 'pnpm-workspace.yaml'));
  // What npm installed is replaced at the next update: data lie where a person works.
  const folder = env['LLM_MONITOR_HOME']
    ? resolve(env['LLM_MONITOR_HOME'])
    : join(isCheckout ? root : host.cwd(), '.llm-monitor');
  return {
    terminal: {
      print: (text = '') => void stdout.write(`${text}\n`),
      printError: (text) => void stderr.write(`${text}\n`),
      write: createWriter(stdout),
      columns: () => (stdout.isTTY ? stdout.columns || undefined : undefined),
      style: createStyle(wantsColour(env, stdout)),
      redraw(line) {
        if (stderr.isTTY) stderr.write(`\r\u001b[K${line ?? ''}`);
      },
      async ask(question) {
        if (!stdin.isTTY) return undefined;
        const terminal = createInterface({ input: stdin, output: stdout });
        try {
          return await terminal.question(question);
        } finally {
          terminal.close();
        }
      },
      askSecret: (question) => askSecret(host, question),
    },
    env,
    root,
    command: isCheckout ? './llm-monitor' : installedCommand(env),
    home: homeAt(folder),
    node: host.execPath,
    main,
    pid: host.pid,
    isRoot: host.getuid?.() === 0,
    user: host.getuid && host.getgid ? `${host.getuid()}:${host.getgid()}` : undefined,
    catchSignals: () => catchSignals(host),
    openScreen: (events) => openScreen(host, events),
    tellStarter: starterOf(host),
  };
}

/** What is typed goes nowhere: the line editor draws on a stream that shows nothing. */
async function askSecret(
  { stdin, stdout }: NodeJS.Process,
  question: string,
): Promise<string | undefined> {
  if (!stdin.isTTY) return undefined;
  stdout.write(question);
  const unseen = new Writable({ write: (_chunk, _encoding, done) => done() });
  const terminal = createInterface({ input: stdin, output: unseen, terminal: true });
  try {
    return await terminal.question('');
  } finally {
    terminal.close();
    stdout.write('\n');
  }
}

/** npm runs what is installed in a folder, or nowhere, by `npx`. */
function installedCommand(env: Record<string, string | undefined>): string {
  return env['npm_command'] === 'exec' ? 'npx llm-monitor' : 'llm-monitor';
}

/** The first signal asks to stop, the second one not to wait any longer, the third one ends the process. */
function catchSignals(host: NodeJS.Process): { stopped: AbortSignal; forced: AbortSignal } {
  const stopped = new AbortController();
  const forced = new AbortController();
  const onSignal = (signal: NodeJS.Signals) => {
    // `npm start | tee log`: Ctrl+C ends both, and who reads no more is no second signal.
    if (signal === 'SIGPIPE') return stopped.abort();
    if (forced.signal.aborted) host.exit(130);
    if (stopped.signal.aborted) forced.abort();
    else stopped.abort();
    return undefined;
  };
  for (const signal of SIGNALS) host.on(signal, onSignal);
  return { stopped: stopped.signal, forced: forced.signal };
}

function starterOf(host: NodeJS.Process): ((message: StarterMessage) => void) | undefined {
  if (!host.send) return undefined;
  return (message) => {
    // A starter that was interrupted is gone; the stack goes on without it.
    if (host.connected) host.send?.(message, undefined, undefined, () => undefined);
  };
}
