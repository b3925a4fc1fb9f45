import { emitKeypressEvents } from 'node:readline';

/** A key as readline tells it. */
export interface PressedKey {
  name?: string | undefined;
  sequence?: string | undefined;
  ctrl?: boolean | undefined;
}

/** What happens at a terminal. */
export interface ScreenEvents {
  onKey(key: PressedKey): void;
  onResize(): void;
  /** Nobody types any more. */
  onHangUp(): void;
}

/** A terminal that a command has taken over as a whole. */
export interface Screen {
  size(): { columns: number; rows: number };
  /** Shows these lines from the top; only those that changed are written. */
  draw(lines: readonly string[]): void;
  /** Gives the terminal back as it was. Does nothing the second time. */
  close(): void;
}

// Another buffer, no cursor, no wrapping: a line that is too long after all must not push the others down.
const ENTER = '\u001b[?1049h\u001b[?25l\u001b[?7l\u001b[2J';
const LEAVE = '\u001b[?7h\u001b[?25h\u001b[?1049l';
const SMALLEST = { columns: 20, rows: 4 };

/** Takes the terminal over, until `close`, or until the process ends in whatever way it can notice. */
export function openScreen(host: NodeJS.Process, events: ScreenEvents): Screen {
  const { stdin, stdout } = host;
  let shown: readonly string[] = [];
  let isOpen = true;
  const onKeypress = (_text: string | undefined, key: PressedKey) => events.onKey(key);
  const onResize = () => {
    shown = [];
    stdout.write('\u001b[2J');
    events.onResize();
  };
  const close = () => {
    if (!isOpen) return;
    isOpen = false;
    host.off('exit', close);
    host.off('uncaughtExceptionMonitor', close);
    stdin.off('keypress', onKeypress);
    stdin.off('end', events.onHangUp);
    stdout.off('resize', onResize);
    stdin.setRawMode(false);
    stdin.pause();
    stdout.write(LEAVE);
  };
  // What an error says must be seen on the terminal that a person gets back.
  host.on('exit', close);
  host.on('uncaughtExceptionMonitor', close);
  emitKeypressEvents(stdin);
  stdin.setRawMode(true);
  stdin.on('keypress', onKeypress);
  stdin.on('end', events.onHangUp);
  stdout.on('resize', onResize);
  stdin.resume();
  stdout.write(ENTER);
  return {
    size: () => ({
      columns: Math.max(SMALLEST.columns, stdout.columns || 80),
      rows: Math.max(SMALLEST.rows, stdout.rows || 24),
    }),
    draw(lines) {
      if (!isOpen) return;
      const changed = lines.flatMap((line, at) =>
        // Cleared before, since after a full line the cursor stands on its last character.
        line === shown[at] ? [] : [`\u001b[${at + 1};1H\u001b[2K${line}\u001b[0m`],
      );
      shown = lines;
      if (changed.length > 0) stdout.write(changed.join(''));
    },
    close,
  };
}
