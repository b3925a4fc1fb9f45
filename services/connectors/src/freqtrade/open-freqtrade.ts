import { setTimeout as sleep } from 'node:timers/promises';

import type { Connector, OpenConnector } from '../connector.ts';
import { startBotPoller, type BotPoller } from './bot-poller.ts';
import { createBotPublisher, type BotPublisher } from './bot-publisher.ts';
import { readBots } from './bots-config.ts';
import { createFreqtradeClient } from './freqtrade-client.ts';
import { createWebhookEndpoint } from './webhook-endpoint.ts';

/** Trading bots of Freqtrade: what they do, beside the calls that their strategies make. */
export const openFreqtrade: OpenConnector = ({ env, log }): Connector | undefined => {
  const bots = readBots(env);
  if (!bots || bots.length === 0) return undefined;
  let pollers: BotPoller[] = [];
  let publisher: BotPublisher | undefined;
  return {
    name: 'freqtrade',
    checks: [{ name: 'freqtrade', check: () => ({ ok: true, detail: describe(pollers) }) }],
    handle: createWebhookEndpoint({
      ...{ bots, log, publisher: () => publisher },
      elapsedMs: () => performance.now(),
    }),
    async start(bus) {
      const to = createBotPublisher(bus);
      publisher = to;
      pollers = bots.map((bot) =>
        startBotPoller({
          ...{ bot, log, publisher: to, wait },
          client: createFreqtradeClient(bot),
          now: () => Date.now(),
        }),
      );
    },
    async stop() {
      await Promise.all(pollers.map((poller) => poller.stop()));
    },
  };
};

function describe(pollers: readonly BotPoller[]): string {
  const troubled = pollers.flatMap((poller) => {
    const problem = poller.state()?.problem;
    return problem ? [`${poller.bot.name}: ${problem.kind}`] : [];
  });
  const answering = pollers.filter((poller) => poller.state()).length - troubled.length;
  return [`${answering} of ${pollers.length} bots answer as they should`, ...troubled].join('; ');
}

async function wait(ms: number, signal: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal }).catch(() => undefined);
}
