import { pingNats } from '../servers/ping.ts';
import { withoutCredentials } from '../stack/plan-stack.ts';
import type { Style } from '../terminal/terminal.ts';
import { serverAnswers } from './find-server.ts';
import { shownAddress } from './ollama-address.ts';
import { proxyUsage, reachedAt, type ListenAddress } from './proxy-address.ts';

/** What a person wants to know when the proxy runs: how to use it, and what is missing. */
export async function proxyBanner(
  { listen, upstream, natsUrl }: { listen: ListenAddress; upstream: URL; natsUrl: string },
  style: Style,
): Promise<{ text: string; hasNats: boolean }> {
  const [hasServer, hasNats] = await Promise.all([serverAnswers(upstream), pingNats(natsUrl)]);
  const at = reachedAt(listen);
  const behind = shownAddress(upstream);
  const nats = withoutCredentials(natsUrl);
  const lines = [
    `${style.green('●')} The proxy runs: ${style.bold(at)} → ${behind}`,
    '',
    `  Ollama programs    ${proxyUsage(at)}`,
    `  OpenAI programs    OPENAI_BASE_URL=http://${at}/v1 python app.py`,
    `  Events             ${nats}`,
    '',
    ...(hasServer
      ? []
      : [style.yellow(`Nothing answers at ${behind} yet: calls fail until it does.`)]),
    ...(hasNats
      ? []
      : [
          style.yellow(
            `No NATS answers at ${nats} yet: calls pass, and what is seen waits for it.`,
          ),
        ]),
    style.dim('Ctrl+C stops it.'),
  ];
  return { text: lines.join('\n'), hasNats };
}
