import type { Command } from 'commander';

/** The command of a group that runs where none is named. A name that is none is refused with those that there are. */
export function addDefaultCommand(group: Command, name: string, description: string): Command {
  return group
    .command(name, { isDefault: true })
    .description(description)
    .allowExcessArguments()
    .hook('preAction', (command) => {
      const [typed] = command.args;
      if (typed === undefined) return;
      const known = group.commands.map((one) => one.name()).join(', ');
      group.error(`error: unknown command '${typed}'\n(There are: ${known})`);
    });
}
