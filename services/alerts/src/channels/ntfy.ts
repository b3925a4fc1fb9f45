import { cutText } from '@llm-monitor/contracts/events';

import type { Message } from '../core/message/message.ts';
import { plainText } from '../core/message/plain-text.ts';
import { defineChannel } from './define-channel.ts';
import { judgeAnswer } from './judge-answer.ts';

const MAX_TITLE = 200;
/** ntfy makes an attachment of what is longer than 4,096 bytes. */
const MAX_BYTES = 3900;
const PRIORITIES = { info: 2, warning: 4, critical: 5 } as const;
const DEFAULT_PRIORITY = 3;
/** Names of emojis, which ntfy shows before the title. */
const TAGS = {
  info: 'large_blue_circle',
  warning: 'orange_circle',
  critical: 'red_circle',
} as const;

/** ntfy: push to phones by a topic, at ntfy.sh or a server of your own. */
export const ntfy = defineChannel({
  kind: 'ntfy',
  title: { en: 'ntfy', it: 'ntfy' },
  description: {
    en: 'Push to phones and desktops that subscribe to a topic.',
    it: 'Notifiche push a telefoni e computer iscritti a un argomento.',
  },
  fields: {
    server: {
      destination: true,
      ...{ type: 'string', form: 'url', maxLength: 512, default: 'https://ntfy.sh' },
      title: { en: 'Server', it: 'Server' },
    },
    topic: {
      ...{ type: 'string', required: true, secret: true, pattern: '^[-_A-Za-z0-9]{1,64}$' },
      title: { en: 'Topic', it: 'Argomento' },
      hint: {
        en: 'Letters, digits, - and _. At ntfy.sh whoever knows it can read along: choose one that nobody guesses.',
        it: 'Lettere, cifre, - e _. Su ntfy.sh chi lo conosce può leggere: scegline uno che nessuno indovini.',
      },
      example: 'llm-alerts-8f3k2q',
    },
    token: {
      ...{ type: 'string', secret: true, maxLength: 256 },
      title: { en: 'Access token', it: 'Token di accesso' },
      hint: { en: 'For a topic that is protected.', it: 'Per un argomento protetto.' },
      example: 'tk_…',
    },
    priority: {
      type: 'string',
      enum: ['severity', 'min', 'default', 'max'],
      default: 'severity',
      title: { en: 'Priority', it: 'Priorità' },
      choices: {
        severity: { en: 'by severity', it: 'secondo la gravità' },
        min: { en: 'always silent', it: 'sempre silenziosa' },
        default: { en: 'always normal', it: 'sempre normale' },
        max: { en: 'always urgent', it: 'sempre urgente' },
      },
    },
  },
  async send(message, { server, topic, token, priority }, io) {
    const answer = await io.post({
      // As JSON it goes to the root, and no name is part of an address or a header.
      url: `${server.replace(/\/+$/, '')}/`,
      headers: {
        // From 2.16 on the same id again changes the notification instead of adding one.
        'x-sequence-id': message.id,
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      },
      body: JSON.stringify({
        topic,
        title: cutText(message.title, MAX_TITLE),
        message: cutBytes(plainText(message)),
        tags: [message.what === 'resolved' ? 'white_check_mark' : TAGS[message.severity]],
        priority: priorityOf(message, priority),
        click: message.link,
      }),
    });
    return judgeAnswer(answer, io.now());
  },
});

function priorityOf(message: Message, choice: 'severity' | 'min' | 'default' | 'max'): number {
  if (choice !== 'severity') return { min: 1, default: DEFAULT_PRIORITY, max: 5 }[choice];
  if (message.what === 'resolved') return DEFAULT_PRIORITY;
  return message.what === 'test' ? DEFAULT_PRIORITY : PRIORITIES[message.severity];
}

function cutBytes(text: string): string {
  const bytes = new TextEncoder().encode(text);
  if (bytes.length <= MAX_BYTES) return text;
  // A sign that was cut through becomes a replacement, which goes too.
  return `${new TextDecoder().decode(bytes.subarray(0, MAX_BYTES)).replace(/\uFFFD+$/, '')}…`;
}
