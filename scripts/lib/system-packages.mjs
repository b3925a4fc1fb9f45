import { accessSync, constants } from 'node:fs';
import { delimiter } from 'node:path';

import { run } from './run.mjs';

/** What the tests need from the system: programs, any of which will do, and the Debian package that has them. */
const NEEDS = [
  { programs: ['nats-server'], package: 'nats-server' },
  { programs: ['redis-server'], package: 'redis-server' },
  { programs: ['python3'], package: 'python3' },
  { programs: ['chromium', 'chromium-browser', 'google-chrome'], package: 'chromium' },
];

/** Installs packages without starting what is in them: a Redis that listens is not what a test run should leave behind. */
const INSTALL = `
export DEBIAN_FRONTEND=noninteractive
policy=/usr/sbin/policy-rc.d
if [ ! -e "$policy" ]; then
  trap "rm -f $policy" EXIT
  printf "#!/bin/sh\\nexit 101\\n" > "$policy" && chmod 755 "$policy"
fi
apt-get update -qq && apt-get install -y -qq --no-install-recommends -o Dpkg::Use-Pty=0 "$@"
`;

/** Is the program on the PATH, or where Debian puts servers? */
export function findProgram(name) {
  const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', '/usr/local/sbin'];
  return folders
    .map((folder) => `${folder}/${name}`)
    .find((path) => {
      try {
        accessSync(path, constants.X_OK);
        return true;
      } catch {
        return false;
      }
    });
}

/**
 * Installs nats-server, redis-server, Python and Chromium where they are missing and this user may.
 * @throws {Error} that says what to install by hand
 */
export async function installSystemPackages({ timeoutMs }) {
  const missing = NEEDS.filter(({ programs }) => !programs.some(findProgram)).map(
    (need) => need.package,
  );
  if (missing.length === 0) return;
  const byHand = `the tests need ${missing.join(', ')}: install ${missing.length > 1 ? 'them' : 'it'} and run this again`;
  if (!findProgram('apt-get')) throw new Error(byHand);
  const asRoot = process.getuid?.() === 0 ? [] : ['sudo', '-n'];
  console.log(`Installing ${missing.join(', ')} …`);
  const [command, ...args] = [...asRoot, 'sh', '-c', INSTALL, 'install', ...missing];
  const { code, output } = await run(command, args, { timeoutMs, quiet: true });
  if (code !== 0) throw new Error(`${byHand}\n${output.trimEnd()}`);
}
