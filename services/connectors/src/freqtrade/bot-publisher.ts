import { randomUUID } from 'node:crypto';

import { subjects } from '@llm-monitor/contracts/bus';
import {
  createEvent,
  SENT_AT_HEADER,
  type BotSampledData,
  type BotTradeData,
} from '@llm-monitor/contracts/events';
import { jetstream } from '@nats-io/jetstream';
import { headers, type NatsConnection } from '@nats-io/transport-node';

const ACK_TIMEOUT_MS = 5000;

/** Puts what bots do on the bus. */
export interface BotPublisher {
  /** Losing one is harmless: the next tells the whole state again. */
  sampled(data: BotSampledData): void;
  /** @throws when the broker has not stored it. Said again with the same id, it is the same. */
  trade(data: BotTradeData): Promise<void>;
}

export function createBotPublisher(bus: NatsConnection): BotPublisher {
  const stream = jetstream(bus, { timeout: ACK_TIMEOUT_MS });
  const write = (subject: string, type: string, data: { bot: string }, id: string) => {
    const time = new Date().toISOString();
    const sent = headers();
    sent.set(SENT_AT_HEADER, time);
    const event = createEvent({
      id,
      source: `/connectors/freqtrade/${data.bot}`,
      type,
      time,
      subject,
      data,
    });
    return { subject, body: JSON.stringify(event), headers: sent };
  };
  return {
    sampled(data) {
      if (bus.isClosed()) return;
      const at = subjects.botSampled(data.bot);
      const { subject, body, ...options } = write(at, 'llm.bot.sampled.v1', data, randomUUID());
      bus.publish(subject, body, options);
    },
    async trade(data) {
      const id = tradeEventId(data);
      const at = subjects.botTrade(data.bot);
      const { subject, body, ...options } = write(at, 'llm.bot.trade.v1', data, id);
      await stream.publish(subject, body, { ...options, msgID: id });
    },
  };
}

/** The same for what happens once to a trade, however often it is told. */
function tradeEventId({ bot, tradeId, kind, source }: BotTradeData): string {
  return tradeId === undefined || kind === 'status'
    ? `${bot}:${randomUUID()}`
    : `${bot}:${tradeId}:${kind}:${source}`.slice(0, 256);
}
