import { Argument, Option, type Command } from 'commander';

import type { NewChannel } from '../commands/add-alert-channel.ts';
import { readSeconds } from './arguments.ts';
import { addDefaultCommand } from './default-command.ts';
import type { Run } from './run.ts';

const id = () => new Argument('<id>', 'as the list names it');

/** `alerts channels` and what can be done with them. */
export function addAlertChannels(alerts: Command, run: Run): void {
  const channels = alerts
    .command('channels')
    .description('by which channels people are told: list, kinds, add, remove, test')
    .helpCommand(false);
  addDefaultCommand(channels, 'list', 'all of them, and how each does').action(() =>
    run(async (context) => (await import('../commands/alert-channels.ts')).listChannels(context)),
  );
  channels
    .command('kinds')
    .description('what kinds there are, and what each must know')
    .argument('[kind]')
    .action((kind?: string) =>
      run(async (context) =>
        (await import('../commands/alert-channels.ts')).showKinds(context, kind),
      ),
    );
  addAdd(channels, run);
  channels
    .command('remove')
    .description('delete one, and what it has not told yet')
    .addArgument(id())
    .action((channel: string) =>
      run(async (context) =>
        (await import('../commands/alert-channels.ts')).removeChannel(context, channel),
      ),
    );
  channels
    .command('test')
    .description('send a test by it and say what came of it; exit code 1 when it was not taken')
    .addArgument(id())
    .action((channel: string) =>
      run(async (context) =>
        (await import('../commands/alert-channels.ts')).testChannel(context, channel),
      ),
    );
}

function addAdd(channels: Command, run: Run): void {
  channels
    .command('add')
    .description('add one, or change one: what is not given stays as it was')
    .argument('<kind>', 'email, slack, discord, telegram, ntfy, webhook or nats')
    .argument('<id>', 'small letters, digits and -')
    .argument('[settings...]', 'field=value, but for secrets; field= removes one')
    .option('--name <name>', 'what people call it')
    .addOption(new Option('--language <language>', 'of what it tells').choices(['en', 'it']))
    .option('--every <seconds>', 'at most one message in so long', readSeconds)
    .option('--secrets <file>', 'a file with lines field=value; - reads them from the input')
    .option('--on', 'tell people by it')
    .option('--off', 'keep it, but tell nobody')
    .addHelpText(
      'after',
      `
Secrets are no arguments, since every program of this machine can see those. They come from the file, from
LLM_MONITOR_CHANNEL_<FIELD> (such as LLM_MONITOR_CHANNEL_PASSWORD), or are asked for.`,
    )
    .action((kind: string, channel: string, settings: string[], options: Options) =>
      run(async (context) => {
        const { addChannel } = await import('../commands/add-alert-channel.ts');
        return await addChannel(context, { ...options, kind, id: channel, settings });
      }),
    );
}

type Options = Omit<NewChannel, 'kind' | 'id' | 'settings'>;
