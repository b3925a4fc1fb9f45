import type { Command } from 'commander';

import type { CredentialsOptions } from '../commands/credentials.ts';
import { addDefaultCommand } from './default-command.ts';
import type { Run } from './run.ts';

const commands = () => import('../commands/credentials.ts');

/** `credentials` and what can be done with them; loaded only then, for what hashes and certifies. */
export function addCredentials(program: Command, run: Run): void {
  const credentials = program
    .command('credentials')
    .description('who may speak on the bus: add, list, revoke')
    .helpCommand(false);
  credentials
    .command('add')
    .description('let an app in, for its own calls only')
    .argument('<name>', 'of the app; with --agent of the other machine')
    .option('--agent', 'for the agent of another machine: prints what joins it')
    .option('--reader', 'for one who listens: nats sub')
    .option('--url <url>', 'where the bus is reached, if not where this monitor thinks')
    .option('--ca <file>', 'PEM of the authority that signed its certificate')
    .option('--out <file>', 'write it there instead of showing it')
    .action((name: string, options: CredentialsOptions) =>
      run(async (current) => (await commands()).addCredentials(current, name, options)),
    );
  addDefaultCommand(credentials, 'list', 'who has some').action(() =>
    run(async (current) => (await commands()).listCredentials(current)),
  );
  credentials
    .command('init')
    .description('for NATS and Redis of your own: users, rules, and an address for each service')
    .requiredOption('--into <folder>', 'a folder for each service, with nats-url and redis-url')
    .option('--nats <host:port>', 'where services reach NATS', 'nats:4222')
    .option('--redis <host:port>', 'where services reach Redis', 'redis:6379')
    .option('--tls', 'both speak TLS')
    .action((options: { into: string; nats: string; redis: string; tls?: boolean }) =>
      run(async (current) =>
        (await import('../commands/init-credentials.ts')).initCredentials(current, options),
      ),
    );
  credentials
    .command('revoke')
    .description('end them at once')
    .argument('<name>', 'as the list names them')
    .action((name: string) =>
      run(async (current) => (await commands()).revokeCredentials(current, name)),
    );
}
