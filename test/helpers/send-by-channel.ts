import {
  CHANNELS,
  renderMessage,
  sendOnce,
  type ChannelWays,
  type Notification,
  type SendResult,
} from '@llm-monitor/alerts/delivery';
import type { StoredChannel } from '@llm-monitor/contracts/alerts';

import { anAlert } from './an-alert.ts';

const NOW_MS = Date.parse('2026-05-01T10:05:00Z');
/** Of the webhook of {@link channelSettings}. */
export const SIGNING_SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
/** Of its Telegram. */
export const BOT_TOKEN = '123456789:AAF-secret_of_the_bot';

/** Of a channel. */
export type Settings = StoredChannel['settings'];

/** What a test sends: an alert, in English, with time enough, unless it says otherwise. */
export interface Sent {
  notifications?: Notification[];
  language?: 'en' | 'it';
  timeoutMs?: number;
}

/** Sends by a channel `team`, really. */
export async function sendByChannel(
  ways: ChannelWays,
  kind: string,
  settings: Settings,
  { notifications = [anAlert()], language = 'en', timeoutMs = 5000 }: Sent = {},
): Promise<SendResult> {
  const stored: StoredChannel = {
    ...{ id: 'team', kind, name: 'Team', enabled: true, language, everySeconds: 0, settings },
    updatedAt: new Date(NOW_MS).toISOString(),
  };
  const message = renderMessage({
    ...{ id: 'message-1', channel: stored, notifications, nowMs: NOW_MS },
    dashboardUrl: 'https://monitor.example',
  });
  const io = ways.io(AbortSignal.timeout(timeoutMs));
  return await sendOnce({ channels: CHANNELS, stored, message, io });
}

/** Channels that speak HTTP. */
export const HTTP_KINDS = ['slack', 'discord', 'telegram', 'ntfy', 'webhook'] as const;

/** Settings of such a channel that end at `url`. */
export function channelSettings(kind: string, url: string): Settings {
  const all: Record<string, Settings> = {
    slack: { url: `${url}/services/T000/B000/secret-of-slack` },
    discord: { url: `${url}/api/webhooks/1/secret-of-discord` },
    telegram: { server: url, token: BOT_TOKEN, chat: '-1001234567890' },
    ntfy: { server: url, topic: 'secret-topic', token: 'tk_secret_of_ntfy' },
    webhook: {
      url: `${url}/hook?key=secret-of-hook`,
      secret: SIGNING_SECRET,
    },
  };
  return all[kind] ?? {};
}
