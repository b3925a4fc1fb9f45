import type { Message, MessageItem } from '../core/message/message.ts';
import { headLine } from '../core/message/plain-text.ts';
import { defineChannel } from './define-channel.ts';
import { escapeHtml } from './escape-html.ts';
import { judgeAnswer } from './judge-answer.ts';

const MAX_LENGTH = 4000;

/** Telegram: `sendMessage` of the Bot API, as HTML. */
export const telegram = defineChannel({
  kind: 'telegram',
  title: { en: 'Telegram', it: 'Telegram' },
  description: {
    en: 'A person, group or channel, by a bot of your own.',
    it: 'Una persona, un gruppo o un canale, con un tuo bot.',
  },
  fields: {
    token: {
      ...{ type: 'string', secret: true, required: true, maxLength: 128 },
      pattern: '^[0-9]+:[A-Za-z0-9_-]+$',
      title: { en: 'Token of the bot', it: 'Token del bot' },
      hint: {
        en: 'What @BotFather says: a number, a colon, letters and digits.',
        it: 'Quello che dice @BotFather: un numero, due punti, lettere e cifre.',
      },
      example: '123456789:AAF…',
    },
    chat: {
      ...{ type: 'string', required: true, maxLength: 64, pattern: '^(-?[0-9]+|@[A-Za-z0-9_]+)$' },
      title: { en: 'Chat', it: 'Chat' },
      hint: {
        en: 'A number, below zero for groups, or the @name of a channel.',
        it: 'Un numero, negativo per i gruppi, o il @nome di un canale.',
      },
      example: '-1001234567890',
    },
    topic: {
      ...{ type: 'integer', minimum: 1 },
      title: { en: 'Topic', it: 'Argomento' },
      hint: {
        en: 'Its number, in a group with topics.',
        it: 'Il suo numero, in un gruppo con argomenti.',
      },
    },
    server: {
      destination: true,
      ...{ type: 'string', form: 'url', maxLength: 512, default: 'https://api.telegram.org' },
      title: { en: 'Server', it: 'Server' },
      hint: {
        en: 'Another one only for a Bot API server of your own.',
        it: 'Diverso solo per un tuo server Bot API.',
      },
    },
  },
  async send(message, { token, chat, topic, server }, io) {
    const answer = await io.post({
      url: `${server.replace(/\/+$/, '')}/bot${token}/sendMessage`,
      body: JSON.stringify({
        chat_id: chat,
        ...(topic === undefined ? {} : { message_thread_id: topic }),
        text: telegramText(message),
        parse_mode: 'HTML',
        link_preview_options: { is_disabled: true },
        // What is over need not wake anybody.
        disable_notification: message.what === 'resolved',
      }),
    });
    return judgeAnswer(answer, io.now());
  },
});

/** Whole items only: a cut could leave a mark open, which is refused. */
function telegramText(message: Message): string {
  const end = [
    ...(message.more === null ? [] : [escapeHtml(message.more)]),
    linkTo(message.link, message.linkTitle),
  ];
  const isOne = message.items.length === 1;
  const parts = isOne ? [] : [bold(headLine(message))];
  for (const item of message.items) {
    const next = [...parts, itemText(item, isOne)];
    if ([...next, ...end].join('\n\n').length > MAX_LENGTH) break;
    parts.splice(0, parts.length, ...next);
  }
  return [...parts, ...end].join('\n\n');
}

function itemText(item: MessageItem, isOne: boolean): string {
  const facts = item.facts.map(({ label, value }) => `${escapeHtml(label)}: ${escapeHtml(value)}`);
  const head = isOne ? bold(headLine(item)) : linkTo(item.link, headLine(item));
  return [head, ...facts].join('\n');
}

const bold = (text: string) => `<b>${escapeHtml(text)}</b>`;
const linkTo = (link: string, title: string) =>
  `<a href="${escapeHtml(link)}">${escapeHtml(title)}</a>`;
