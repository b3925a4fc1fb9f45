import { readBots } from '@llm-monitor/read-model';

import { trustedSilenceMs } from '../../core/trusted-silence.ts';
import type { AlertMetricReader } from './alert-metric-reader.ts';

/** One that has not been looked at for so long is no longer watched. */
const FORGOTTEN_MS = 24 * 3_600_000;

const silentMs = (lastSeen: string, nowMs: number) => Math.max(0, nowMs - Date.parse(lastSeen));

export const botDown: AlertMetricReader = {
  metric: 'bot_down',
  isCollected: true,
  async read({ store, nowMs }) {
    return {
      // Of one that nobody looks at nothing is known: perhaps it is not even to be watched any more.
      readings: (await readBots(store, nowMs)).map(({ name, online, watched }) => ({
        of: { bot: name },
        value: watched && !online ? 1 : 0,
        ...(watched ? {} : { isHeld: true }),
      })),
    };
  },
};

export const botSilent: AlertMetricReader = {
  metric: 'bot_silent',
  isCollected: true,
  async read({ store, nowMs, trusted }) {
    const bots = await readBots(store, nowMs);
    return {
      readings: bots.map(({ name, last_seen: lastSeen }) => {
        const isForgotten = silentMs(lastSeen, nowMs) > FORGOTTEN_MS;
        const silence = trustedSilenceMs(Date.parse(lastSeen), trusted);
        const value = isForgotten ? null : silence / 1000;
        return { of: { bot: name }, value };
      }),
    };
  },
};
