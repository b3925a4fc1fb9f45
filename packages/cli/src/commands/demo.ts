import { runDemo, type Ending } from '@llm-monitor/demo';

import type { Context } from '../context.ts';
import { findRunningStack } from './running-stack.ts';

const MINUTE_MS = 60_000;

/** `demo`: simulated calls through the real client and pipeline, marked as demo, until Ctrl+C. */
export async function demo(
  context: Context,
  options: { minutes?: number | undefined },
): Promise<number> {
  const { terminal } = context;
  const stack = await findRunningStack(context);
  const { stopped } = context.catchSignals();
  const end = options.minutes
    ? AbortSignal.timeout(Math.round(options.minutes * MINUTE_MS))
    : undefined;
  const counts: Record<Ending, number> = { completed: 0, failed: 0, timeout: 0, cancelled: 0 };
  terminal.print(
    [
      `${terminal.style.green('●')} Simulated traffic of three apps, marked as demo: it stays out of all totals.`,
      '',
      `  Look at  ${terminal.style.bold(terminal.style.cyan(`${stack.webUrl}/?demo=true`))}`,
      '',
      terminal.style.dim(
        options.minutes ? `It ends in ${options.minutes} min, or with Ctrl+C.` : 'Ctrl+C ends it.',
      ),
    ].join('\n'),
  );
  await runDemo({
    natsUrl: stack.natsUrl,
    nats: stack.nats,
    random: Math.random,
    stopped: end ? AbortSignal.any([stopped, end]) : stopped,
    onEnd: (ending) => (counts[ending] += 1),
  });
  const { completed, failed, timeout, cancelled } = counts;
  terminal.print(
    `\n${completed} completed, ${failed} failed, ${timeout} timed out, ${cancelled} cancelled.`,
  );
  return 0;
}
