import type { Home } from './home/home.ts';
import type { ProcessIdentity } from './processes/process-identity.ts';
import type { Screen, ScreenEvents } from './terminal/screen.ts';
import type { Terminal } from './terminal/terminal.ts';

/** What a command may know of the process that it runs in. */
export interface Context {
  terminal: Terminal;
  env: Record<string, string | undefined>;
  /** Files from which settings of `env` were read, by name. */
  settingFiles?: Readonly<Record<string, string>> | undefined;
  /** The folder of the checkout or of the installed package: services and their builds are found below it. */
  root: string;
  /** How a person calls this program, for advice. */
  command: string;
  home: Home;
  /** The running Node, with which services are started. */
  node: string;
  /** This program's main file. */
  main: string;
  pid: number;
  isRoot: boolean;
  /** `uid:gid`, for containers that write into the data folder. */
  user: string | undefined;
  /** From here on Ctrl+C and SIGTERM are told instead of ending the process. */
  catchSignals(): { stopped: AbortSignal; forced: AbortSignal };
  /** Takes the terminal over; there must be one (`terminal.columns()`). */
  openScreen(events: ScreenEvents): Screen;
  /** Tells a `start` that waits for this process how it went; absent when nobody waits. */
  tellStarter?: ((message: StarterMessage) => void) | undefined;
}

/** What a stack in the background tells the command that started it. */
export type StarterMessage =
  | { type: 'progress'; text: string }
  | { type: 'ready'; summary: string }
  /** Another start was faster. */
  | { type: 'runs'; by: ProcessIdentity }
  | { type: 'failed'; message: string; hint?: string | undefined };
