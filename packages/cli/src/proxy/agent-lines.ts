import { Writable } from 'node:stream';

import { formatLogLine } from '../logs/format-log-line.ts';
import type { Terminal } from '../terminal/terminal.ts';

/** What the agent says where no NATS answers. The banner says the same, with what it means for calls. */
const NO_NATS = 'NATS cannot be reached; dialling until it is there';

/** What an agent writes, for a terminal. */
export interface AgentLines {
  log: Writable;
  /** Whether the banner has said that no NATS answers; until then a line that says so waits. */
  hearBanner(saidNoNats: boolean): void;
}

export function createAgentLines({ print, style }: Terminal): AgentLines {
  let rest = '';
  let saidNoNats: boolean | undefined;
  let held: string[] = [];
  const show = (line: string) => print(formatLogLine(line, 'proxy', style));
  const take = (line: string) => {
    if (!line.includes(NO_NATS)) show(line);
    else if (saidNoNats === undefined) held.push(line);
    else if (!saidNoNats) show(line);
  };
  const log = new Writable({
    write(chunk: Buffer, _encoding, done) {
      const lines = (rest + chunk.toString('utf8')).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) take(line);
      done();
    },
  });
  return {
    log,
    hearBanner(said) {
      saidNoNats = said;
      if (!said) for (const line of held) show(line);
      held = [];
    },
  };
}
