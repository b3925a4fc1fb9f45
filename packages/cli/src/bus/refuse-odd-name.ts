import { subjectToken, type BusRole } from '@llm-monitor/contracts/bus';

import { CliError } from '../cli-error.ts';

const MAX_NAME_CHARS = 128;

/**
 * The name is printed as a setting, and is what calls are listed under.
 * @throws {CliError} for one that cannot be, or that would be the same on the bus as those of others
 */
export function refuseOddName(name: string, role: BusRole): void {
  const isGood = name.trim() !== '' && name.length <= MAX_NAME_CHARS && !/\p{Cc}/u.test(name);
  if (!isGood) {
    throw new CliError(`${JSON.stringify(name.slice(0, 40))} is no name.`, {
      hint: `Name the app or the machine in one line, with 1 to ${MAX_NAME_CHARS} characters.`,
    });
  }
  const token = subjectToken(name);
  // A reader speaks for nobody.
  if (role === 'reader' || /[A-Za-z0-9]/.test(token)) return;
  throw new CliError(
    `"${name}" is ${token} on the bus, as is every name of as many characters without a letter from a to z: its credentials would be good for all of them.`,
    {
      hint: 'Name it with letters from a to z or digits, and call the program so too: LLM_MONITOR_APP.',
    },
  );
}
