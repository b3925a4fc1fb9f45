import { spawnSync } from 'node:child_process';

import { expect, test } from 'vitest';

/** What a Node says that is started with an option of V8's. */
const say = (option: string) => {
  const { status, stderr } = spawnSync(process.execPath, [option, '--eval', '0']);
  return { status, isQuiet: stderr.length === 0 };
};

test('this Node knows the option of V8, which is not told when it is set from within', () => {
  expect(say('--no-allocation-site-pretenuring')).toEqual({ status: 0, isQuiet: true });
  expect(say('--no-such-option')).not.toEqual({ status: 0, isQuiet: true });
});
