import type { StackState } from '../stack/stack-state.ts';
import { withoutCredentials } from '../stack/plan-stack.ts';
import type { Style } from '../terminal/terminal.ts';

/** What a person wants to know when it runs: where to look, where the events are, how to make a first call. */
export function formatSummary(
  stack: Pick<StackState, 'webUrl' | 'natsUrl'> & { folder: string; tookMs?: number },
  style: Style,
): string {
  const nats = withoutCredentials(stack.natsUrl);
  const took =
    stack.tookMs === undefined ? '' : style.dim(` (${(stack.tookMs / 1000).toFixed(1)} s)`);
  const elsewhere = nats === 'nats://127.0.0.1:4222' ? '' : `-s ${nats} `;
  return [
    `${style.green('●')} LLM Monitor runs${took}`,
    '',
    `  Dashboard  ${style.bold(style.cyan(stack.webUrl))}`,
    `  API        ${stack.webUrl}/api/status   ${style.dim(`docs: ${stack.webUrl}/docs`)}`,
    `  Events     ${nats}   ${style.dim(`nats ${elsewhere}sub 'llm.>'`)}`,
    `  Data       ${stack.folder}`,
    '',
    `  A first call   in your app:  import ollama from '@llm-monitor/client/ollama'`,
    `                 without one:  ./llm-monitor test   or   ./llm-monitor demo`,
  ].join('\n');
}
