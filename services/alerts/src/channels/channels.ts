import type { Channel } from './define-channel.ts';
import { discord } from './discord.ts';
import { email } from './email.ts';
import { nats } from './nats.ts';
import { ntfy } from './ntfy.ts';
import { slack } from './slack.ts';
import { telegram } from './telegram.ts';
import { webhook } from './webhook.ts';

/** All ways to tell people, in the order in which they are offered. One more is one file and one line here. */
export const CHANNELS: readonly Channel[] = [email, slack, discord, telegram, ntfy, webhook, nats];
