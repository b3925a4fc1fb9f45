import { findBus } from '../bus/find-bus.ts';
import { listenToBus } from '../bus/listen-to-bus.ts';
import type { Context } from '../context.ts';
import { whenAborted } from '../processes/when-aborted.ts';
import { withoutCredentials } from '../stack/plan-stack.ts';
import { subjectsOf, type EventChoice } from '../tail/event-kinds.ts';
import { formatEvent } from '../tail/format-event.ts';
import { isWanted, readEvent } from '../tail/read-event.ts';
import { jsonLine } from '../terminal/printable.ts';
import { createLineQueue } from '../terminal/line-queue.ts';

/** Lines that may wait for a reader; whoever reads slower than events come misses some, and is told how many. */
const MAX_WAITING = 10_000;

export interface TailOptions extends Omit<EventChoice, 'kinds'> {
  kind?: EventChoice['kinds'];
  demo?: boolean;
  json?: boolean;
}

/** `tail`: events as they are published, until Ctrl+C. */
export async function tail(context: Context, options: TailOptions): Promise<number> {
  const { terminal, command } = context;
  const bus = await findBus(context);
  const { stopped } = context.catchSignals();
  const choice = { ...options, kinds: options.kind };
  const queue = createLineQueue({ write: terminal.write, maxWaiting: MAX_WAITING });
  const say = (text: string) => terminal.printError(terminal.style.dim(text));
  const listener = await listenToBus(bus, {
    subjects: subjectsOf(choice),
    command,
    onMessage(subject, text) {
      const event = readEvent(subject, text);
      if (!isWanted(event, choice)) return;
      queue.add(
        options.json
          ? jsonLine(event.envelope ?? { subject, unreadable: text })
          : formatEvent(event, terminal.style),
      );
      const missed = queue.takeMissed();
      if (missed > 0) say(`${missed} events are not shown: they come faster than they are read.`);
    },
    onLine: (isUp) =>
      say(
        isUp
          ? `NATS is back. What ended meanwhile:  ${command} query --range 5m`
          : 'NATS is away; it is looked for again …',
      ),
  });
  say(`Listening to ${withoutCredentials(bus.url)}. Ctrl+C ends it.`);
  try {
    await Promise.race([whenAborted(stopped), listener.closed]);
  } finally {
    await listener.close();
  }
  return 0;
}
