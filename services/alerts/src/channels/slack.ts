import type { Message, MessageItem } from '../core/message/message.ts';
import { factLines, headLine } from '../core/message/plain-text.ts';
import { defineChatWebhook } from './define-chat-webhook.ts';
import { escapeWithin } from './escape-within.ts';

/** What Slack takes, and what is beyond that it refuses. */
const LENGTH = { header: 150, section: 3000 } as const;

/** Slack: an incoming webhook, with blocks. Mattermost and Rocket.Chat take the same. */
export const slack = defineChatWebhook({
  kind: 'slack',
  name: 'Slack',
  description: {
    en: 'A channel of a Slack workspace, by an incoming webhook.',
    it: 'Un canale di uno spazio di lavoro Slack, con un webhook in entrata.',
  },
  example: 'https://hooks.slack.com/services/…',
  bodyOf: slackBody,
});

/** What comes from outside stands in plain text alone; marks are only around words of our own. */
function slackBody(message: Message): object {
  const [first, ...others] = message.items;
  const sections =
    first && others.length === 0 ? [plain(factLines(first))] : message.items.flatMap(itemSections);
  return {
    // For notifications, where blocks are not shown.
    text: escape(headLine(message)),
    unfurl_links: false,
    unfurl_media: false,
    blocks: [
      { type: 'header', text: plainText(headLine(message), LENGTH.header) },
      ...sections,
      ...(message.more === null ? [] : [plain(message.more)]),
      link(message.link, message.linkTitle),
    ],
  };
}

const itemSections = (item: MessageItem) => [
  plain(`${headLine(item)}\n${factLines(item)}`),
  link(item.link, '→'),
];

const plainText = (text: string, length: number) => ({
  ...{ type: 'plain_text', emoji: false },
  text: escapeWithin(text, length, escape),
});
const plain = (text: string) => ({ type: 'section', text: plainText(text, LENGTH.section) });

const link = (address: string, title: string) => ({
  type: 'context',
  elements: [{ type: 'mrkdwn', verbatim: true, text: `<${escape(address)}|${escape(title)}>` }],
});

/** The three signs that mean something to Slack: without them mentions (`<!channel>`) are text. */
const escape = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
