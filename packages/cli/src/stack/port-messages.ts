import { CliError } from '../cli-error.ts';

/** The dashboard's port is taken: by whom, and how to choose another. */
export function webPortTaken(port: number, holder: string | undefined, command: string): CliError {
  const other = port === 8090 ? 8091 : 8090;
  return new CliError(`Port ${port} is taken${by(holder)}.`, {
    hint: `Choose another:        ${command} start ${other}\nor in the foreground:  ${command} up ${other}`,
  });
}

/** NATS' port is taken. It is never shared silently: other people's streams may lie there. */
export function natsPortTaken(port: number, holder: string | undefined, command: string): CliError {
  const other = port === 4223 ? 4224 : 4223;
  return new CliError(`Port ${port}, where NATS would listen, is taken${by(holder)}.`, {
    hint: [
      `To run a NATS of its own on another port:  NATS_PORT=${other} ${command} start`,
      `To use the one that is there (it needs JetStream; streams LLM_… are made in it):`,
      `                                           NATS_URL=nats://127.0.0.1:${port} ${command} start`,
    ].join('\n'),
  });
}

function by(holder: string | undefined): string {
  return holder ? ` by ${holder}` : '';
}
