import {
  channelSecrets,
  channelSettingsProblem,
  withChannelDefaults,
  type StoredChannel,
} from '@llm-monitor/contracts/alerts';

import type { Channel, ChannelIo } from '../channels/define-channel.ts';
import { createRedactor } from '../core/delivery/redact.ts';
import { SendError } from '../core/delivery/send-error.ts';
import type { Message } from '../core/message/message.ts';

/** What came of one attempt. No text in it holds a secret of the channel. */
export type SendResult =
  | { ok: true; detail: string }
  | { ok: false; detail: string; permanent: boolean; retryAfterMs?: number | undefined };

/** Tries once. Whatever goes wrong is an answer, and its texts are free of secrets. */
export async function sendOnce(given: {
  channels: readonly Channel[];
  stored: StoredChannel;
  message: Message;
  io: ChannelIo;
}): Promise<SendResult> {
  const { channels, stored, message, io } = given;
  const channel = channels.find(({ kind }) => kind === stored.kind);
  if (!channel) {
    const detail = `This version knows no channel of kind ${stored.kind}. Update the alerts service, or delete the channel.`;
    return { ok: false, detail, permanent: true };
  }
  const settings = withChannelDefaults(channel, stored.settings);
  const redact = createRedactor(channelSecrets(channel, settings));
  const problem = channelSettingsProblem(channel, settings);
  if (problem !== undefined) return { ok: false, detail: problem.en, permanent: true };
  try {
    return { ok: true, detail: redact(await channel.send(message, settings, io)) };
  } catch (error) {
    if (error instanceof SendError) {
      const { permanent, retryAfterMs } = error;
      return { ok: false, detail: redact(error.message), permanent, retryAfterMs };
    }
    const detail = error instanceof Error ? error.message : String(error);
    return { ok: false, detail: redact(detail), permanent: false };
  }
}
