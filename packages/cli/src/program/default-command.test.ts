import { Command } from 'commander';
import { expect, it } from 'vitest';

import { addDefaultCommand } from './default-command.ts';

function run(...typed: string[]): { ran: string[]; said: string } {
  const ran: string[] = [];
  let said = '';
  const group = new Command('rules')
    .exitOverride()
    .configureOutput({ writeErr: (text) => (said += text) });
  addDefaultCommand(group, 'list', 'all of them').action(() => void ran.push('list'));
  group.command('export').action(() => void ran.push('export'));
  try {
    group.parse(typed, { from: 'user' });
  } catch {
    // What was wrong stands in what it said.
  }
  return { ran, said };
}

it('runs where no command is named, and by its name', () => {
  expect(run()).toEqual({ ran: ['list'], said: '' });
  expect(run('list')).toEqual({ ran: ['list'], said: '' });
  expect(run('export')).toEqual({ ran: ['export'], said: '' });
});

it('refuses a name that is none, with those that there are', () => {
  const { ran, said } = run('exprot');
  expect(ran).toEqual([]);
  expect(said).toContain("unknown command 'exprot'\n(There are: list, export)");
});
