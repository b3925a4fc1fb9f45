import type { Message, MessageItem } from '../core/message/message.ts';
import { headLine } from '../core/message/plain-text.ts';
import { defineChatWebhook } from './define-chat-webhook.ts';
import { escapeWithin } from './escape-within.ts';

/** Red, orange, blue, green: the colours of the dashboard. */
const COLOURS = { critical: 0xd55e00, warning: 0xe69f00, info: 0x0072b2 } as const;
const RESOLVED_COLOUR = 0x009e73;
const LENGTH = { title: 250, name: 100, value: 300 } as const;
/** All texts of a message's embeds together may have 6,000 signs; a footer is one of them. */
const MAX_EMBEDS_LENGTH = 5900;

/** Discord: a webhook of a channel, with embeds. */
export const discord = defineChatWebhook({
  kind: 'discord',
  name: 'Discord',
  description: {
    en: 'A channel of a Discord server, by a webhook.',
    it: 'Un canale di un server Discord, con un webhook.',
  },
  example: 'https://discord.com/api/webhooks/…',
  bodyOf: discordBody,
});

function discordBody(message: Message): object {
  const isOne = message.items.length === 1;
  const embeds = withinLimit(message.items.map(embed));
  return {
    // A message of embeds alone is not shown in notifications of phones.
    content: isOne ? '' : short(headLine(message), LENGTH.title),
    // Nobody is pinged, whatever a name says.
    allowed_mentions: { parse: [] },
    embeds: embeds.map((one, index) => ({
      ...one,
      ...(message.more !== null && index === embeds.length - 1
        ? { footer: { text: message.more } }
        : {}),
    })),
  };
}

interface Embed {
  title: string;
  url: string;
  color: number;
  fields: { name: string; value: string; inline: boolean }[];
}

/** Those that find room: with more the whole message would be refused. */
function withinLimit(embeds: readonly Embed[]): Embed[] {
  let length = 0;
  return embeds.filter(({ title, fields }) => {
    length += [title, ...fields.flatMap(({ name, value }) => [name, value])].join('').length;
    return length <= MAX_EMBEDS_LENGTH;
  });
}

function embed(item: MessageItem): Embed {
  return {
    title: short(headLine(item), LENGTH.title),
    url: item.link,
    color: item.what === 'resolved' ? RESOLVED_COLOUR : COLOURS[item.severity],
    fields: item.facts.map(({ label, value }) => ({
      name: short(label, LENGTH.name),
      value: short(value, LENGTH.value),
      inline: true,
    })),
  };
}

const short = (text: string, length: number): string => escapeWithin(text, length, escape);

/** All that Markdown and mentions are made of. */
const escape = (text: string): string => text.replace(/[\\`*_~|>#<@[\]()\-:]/g, '\\$&');
