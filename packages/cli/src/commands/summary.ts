import { shownAddress } from '../proxy/ollama-address.ts';
import { proxyUsage, reachedAt } from '../proxy/proxy-address.ts';
import { withoutCredentials, type StackPlan } from '../stack/plan-stack.ts';
import type { Style } from '../terminal/terminal.ts';

/** What a person wants to know when it runs: where to look, where the events are, how to make a first call. */
export function formatSummary(
  stack: Pick<StackPlan, 'webUrl' | 'natsUrl' | 'proxy'> & {
    folder: string;
    tookMs: number;
    /** Does the server behind the proxy answer? */
    hasServer: boolean;
    command: string;
  },
  style: Style,
): string {
  const nats = withoutCredentials(stack.natsUrl);
  const took = style.dim(` (${(stack.tookMs / 1000).toFixed(1)} s)`);
  const elsewhere = nats === 'nats://127.0.0.1:4222' ? '' : `-s ${nats} `;
  return [
    `${style.green('●')} LLM Monitor runs${took}`,
    '',
    `  Dashboard  ${style.bold(style.cyan(stack.webUrl))}`,
    `  API        ${stack.webUrl}/api/status   ${style.dim(`docs: ${stack.webUrl}/docs`)}`,
    `  Events     ${nats}   ${style.dim(`nats ${elsewhere}sub 'llm.>'`)}`,
    ...formatProxy(stack.proxy, stack.hasServer, style),
    `  Data       ${stack.folder}`,
    '',
    ...formatFirstCall(stack.command),
    `                 without one:  ${stack.command} test   or   ${stack.command} demo`,
  ].join('\n');
}

/** From a checkout there is nothing to install by name yet. */
function formatFirstCall(command: string): string[] {
  const install =
    command === './llm-monitor'
      ? 'README.md, "Your first call", then'
      : 'npm install @llm-monitor/client ollama';
  return [
    `  A first call   in your app:  ${install}`,
    `                               import ollama from '@llm-monitor/client/ollama'`,
  ];
}

function formatProxy(proxy: StackPlan['proxy'], hasServer: boolean, style: Style): string[] {
  const upstream = shownAddress(proxy.upstream);
  const away = hasServer
    ? []
    : [`             ${style.dim(`no Ollama answers at ${upstream} yet: it is looked for`)}`];
  if (proxy.whyNot) return [`  Proxy      ${style.yellow('off')}: ${proxy.whyNot}`, ...away];
  if (!proxy.listen) return away;
  const listen = reachedAt(proxy.listen);
  return [
    `  Proxy      ${listen} → ${upstream}   ${style.dim(`any program: ${proxyUsage(listen)}`)}`,
    ...away,
  ];
}
