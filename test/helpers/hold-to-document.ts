import type { NatsConnection } from '@nats-io/transport-node';

import { readAsyncapi, readChannels } from './published-channels.ts';

/** What was heard below `llm.`, held against docs/asyncapi.yaml. */
export interface HeldToDocument {
  /** Names of the channels that were used. */
  seen: ReadonlySet<string>;
  /** `<subject>: <what is wrong>`; empty when all is as the document says. */
  problems: readonly string[];
}

/** Listens from now on, to every message, until the connection ends. */
export function holdToDocument(connection: NatsConnection): HeldToDocument {
  const channels = readChannels(readAsyncapi());
  const seen = new Set<string>();
  const problems: string[] = [];
  connection.subscribe('llm.>', {
    callback(error, message) {
      if (error) return;
      const channel = channels.find((one) => one.fits(message.subject));
      if (!channel) problems.push(`${message.subject}: there is no such channel`);
      else {
        seen.add(channel.name);
        for (const problem of channel.problemsOf(message.string(), message.subject)) {
          problems.push(`${message.subject}: ${problem}`);
        }
      }
    },
  });
  return { seen, problems };
}
