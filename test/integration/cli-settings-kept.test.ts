import { readFile } from 'node:fs/promises';

import { afterAll, beforeAll, expect, test } from 'vitest';

import { createCli, type Cli } from '../helpers/run-cli.ts';

const AT_START = {
  RETENTION_DAYS: '90',
  ALLOWED_HOSTS: 'box.example',
  OTEL_EXPORTER_OTLP_HEADERS: 'authorization=secret',
};

let cli: Cli;
let elsewhere: Cli;
beforeAll(async () => {
  cli = await createCli({ env: AT_START });
  const { home, webPort, natsPort } = cli;
  elsewhere = await createCli({ home, webPort, natsPort });
});
afterAll(() => cli.remove());

/** What a part was started with. */
async function environmentOf(part: string): Promise<string[]> {
  const { pid } = await cli.part(part);
  return (await readFile(`/proc/${pid}/environ`, 'utf8')).split('\0');
}

test('a stack keeps its settings over a restart from another shell, and for how long it keeps calls over a stop', async () => {
  const { home, webPort, natsPort } = cli;
  expect(await cli.run('start')).toMatchObject({ code: 0 });

  const restarted = await elsewhere.run('restart');
  expect(restarted, restarted.output).toMatchObject({ code: 0 });
  expect(restarted.output).toContain('OTEL_EXPORTER_OTLP_HEADERS was set when it was started.');
  expect(await environmentOf('collector')).toContain('RETENTION_DAYS=90');
  expect(await environmentOf('web')).toContain('ALLOWED_HOSTS=box.example');
  expect(await readFile(`${cli.home}/stack.json`, 'utf8')).not.toContain('authorization=secret');

  expect(await elsewhere.run('stop')).toMatchObject({ code: 0 });
  // What was wrong and never ran is not what it had.
  const wrong = await createCli({ home, webPort, natsPort, env: { RETENTION_DAYS: 'many' } });
  const refused = await wrong.run('start');
  expect(refused).toMatchObject({ code: 1 });
  expect(refused.output).toContain('RETENTION_DAYS must be number (it is "many")');
  const started = await elsewhere.run('start');
  expect(started, started.output).toMatchObject({ code: 0 });
  expect(started.output).toContain('As when it ran last: RETENTION_DAYS=90.');
  expect(await environmentOf('collector')).toContain('RETENTION_DAYS=90');
  expect((await environmentOf('web')).join('\n')).not.toContain('box.example');
});
