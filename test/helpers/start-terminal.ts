import { execFile, spawn } from 'node:child_process';
import { promisify } from 'node:util';

import xterm from '@xterm/headless';

import { waitFor } from './wait-for.ts';

const run = promisify(execFile);

/** A program at a real pseudo-terminal, and what a person sees there. */
export interface VirtualTerminal {
  /** The lines of the screen, without the blanks at their ends. */
  screen(): string[];
  /** All that was written, as it was. */
  raw(): string;
  /** Is it the buffer that a whole-screen program draws on? */
  isAlternate(): boolean;
  type(text: string): void;
  resize(columns: number, rows: number): Promise<void>;
  /** Of the program itself, not of what gives it the terminal. */
  pid(): number;
  exited: Promise<number | null>;
  kill(): void;
}

/** Starts a program at a terminal of this size, by the `script` of util-linux, which every Debian has. */
export async function startTerminal(
  command: readonly string[],
  options: { columns: number; rows: number; env: Record<string, string> },
): Promise<VirtualTerminal> {
  const { columns, rows, env } = options;
  const quoted = command.map((word) => `'${word.replaceAll("'", "'\\''")}'`).join(' ');
  const shell = `echo "at $(tty) as $$"; stty rows ${rows} cols ${columns}; exec ${quoted}`;
  const child = spawn('script', ['-qefc', shell, '/dev/null'], {
    env: { ...process.env, TERM: 'xterm-256color', ...env },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const emulator = new xterm.Terminal({ cols: columns, rows, allowProposedApi: true });
  let raw = '';
  child.stdout.on('data', (chunk: Buffer) => {
    raw += chunk.toString('utf8');
    emulator.write(chunk);
  });
  const exited = new Promise<number | null>((resolve) => child.once('exit', resolve));
  process.once('exit', () => child.kill('SIGKILL'));
  const [, device = '', pid = ''] = await waitFor(
    'the terminal',
    () => /at (\/\S+) as (\d+)/.exec(raw) ?? undefined,
  );
  return {
    raw: () => raw,
    screen: () =>
      Array.from({ length: emulator.rows }, (_, at) => {
        const { active } = emulator.buffer;
        return active.getLine(active.viewportY + at)?.translateToString(true) ?? '';
      }),
    isAlternate: () => emulator.buffer.active.type === 'alternate',
    type: (text) => void child.stdin.write(text),
    async resize(toColumns, toRows) {
      emulator.resize(toColumns, toRows);
      await run('stty', ['-F', device, 'rows', String(toRows), 'cols', String(toColumns)]);
    },
    pid: () => Number(pid),
    exited,
    kill: () => void child.kill('SIGKILL'),
  };
}
