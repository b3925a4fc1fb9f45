import { styleText } from 'node:util';

/** Where a command writes, and how it may look there. */
export interface Terminal {
  /** One line (or several) on standard output. */
  print(text?: string): void;
  /** The same on standard error. */
  printError(text: string): void;
  /** As it is, on standard output. Resolves once whoever reads it has taken enough of what came before, so that none of it piles up; to false when nobody reads any more. */
  write(text: string | Uint8Array): Promise<boolean>;
  /** Columns of the terminal that a person looks at; undefined where nobody does. */
  columns(): number | undefined;
  style: Style;
  /** Replaces the last line that it drew, on standard error; undefined removes that. Where nobody looks (a file, a pipe) it does nothing. */
  redraw(line: string | undefined): void;
  /** Asks a person to type something; undefined when nobody is there. */
  ask(question: string): Promise<string | undefined>;
  /** The same, and what is typed is not shown. */
  askSecret(question: string): Promise<string | undefined>;
}

export type Style = Record<'bold' | 'dim' | 'green' | 'yellow' | 'red' | 'cyan', Paint>;
type Paint = (text: string) => string;

export function createStyle(hasColour: boolean): Style {
  const paint = (format: Parameters<typeof styleText>[0]): Paint =>
    hasColour ? (text) => styleText(format, text) : (text) => text;
  return {
    bold: paint('bold'),
    dim: paint('dim'),
    green: paint('green'),
    yellow: paint('yellow'),
    red: paint('red'),
    cyan: paint('cyan'),
  };
}

/** Colours are for people at a terminal that have not said no (https://no-color.org). */
export function wantsColour(
  env: Record<string, string | undefined>,
  stream: { isTTY?: boolean },
): boolean {
  if (env['NO_COLOR']) return false;
  if (env['FORCE_COLOR']) return env['FORCE_COLOR'] !== '0';
  return stream.isTTY === true && env['TERM'] !== 'dumb';
}
