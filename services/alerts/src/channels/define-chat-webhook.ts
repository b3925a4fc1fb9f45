import type { LocalizedText } from '@llm-monitor/contracts/alerts';

import type { Message } from '../core/message/message.ts';
import { defineChannel, type Channel } from './define-channel.ts';
import { judgeAnswer } from './judge-answer.ts';

/** A chat that takes a message of its own form at an address that is secret. */
export function defineChatWebhook(given: {
  kind: string;
  name: string;
  description: LocalizedText;
  /** What such an address looks like. */
  example: string;
  bodyOf(message: Message): object;
}): Channel {
  const { kind, name, description, example, bodyOf } = given;
  return defineChannel({
    kind,
    title: { en: name, it: name },
    description,
    fields: {
      url: {
        ...{ type: 'string', form: 'url', secret: true, required: true, maxLength: 2048 },
        title: { en: 'Webhook address', it: 'Indirizzo del webhook' },
        hint: {
          en: 'Whoever has it can post in the channel.',
          it: 'Chi lo possiede può scrivere nel canale.',
        },
        example,
      },
    },
    async send(message, { url }, io) {
      const answer = await io.post({ url, body: JSON.stringify(bodyOf(message)) });
      return judgeAnswer(answer, io.now());
    },
  });
}
