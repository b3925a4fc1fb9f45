import { createHmac } from 'node:crypto';

import { plainText } from '../core/message/plain-text.ts';
import { defineChannel } from './define-channel.ts';
import { judgeAnswer } from './judge-answer.ts';

const PREFIX = 'whsec_';

/** A program of your own: JSON, signed as https://www.standardwebhooks.com says, so that its libraries check it. */
export const webhook = defineChannel({
  kind: 'webhook',
  title: { en: 'Webhook', it: 'Webhook' },
  description: {
    en: 'JSON to a program of your own, signed.',
    it: 'JSON a un tuo programma, firmato.',
  },
  fields: {
    url: {
      destination: true,
      ...{ type: 'string', form: 'url', secret: true, required: true, maxLength: 2048 },
      title: { en: 'Address', it: 'Indirizzo' },
      hint: {
        en: 'Where it is POSTed to. Only its host is shown again.',
        it: 'Dove viene inviato con POST. Poi ne viene mostrato solo l’host.',
      },
      example: 'https://automation.example/alerts',
    },
    secret: {
      ...{ type: 'string', secret: true, minLength: 16, maxLength: 256 },
      title: { en: 'Secret for the signature', it: 'Segreto per la firma' },
      hint: {
        en: 'whsec_ and Base64, or any text of 16 characters or more. Without one nothing is signed.',
        it: 'whsec_ e Base64, o un testo di almeno 16 caratteri. Senza, nulla viene firmato.',
      },
      example: 'whsec_…',
    },
    authorization: {
      ...{
        type: 'string',
        secret: true,
        maxLength: 1024,
        pattern: '^[\\x21-\\x7e]+( [\\x21-\\x7e]+)*$',
      },
      title: { en: 'Authorization header', it: 'Intestazione Authorization' },
      hint: { en: 'Where the program asks for one.', it: 'Se il programma la richiede.' },
      example: 'Bearer …',
    },
  },
  async send(message, { url, secret, authorization }, io) {
    const seconds = String(Math.floor(io.now() / 1000));
    const body = JSON.stringify({
      type: `alert.${message.notifications.length === 1 ? message.what : 'several'}`,
      timestamp: new Date(message.atMs).toISOString(),
      data: {
        channel: message.channel,
        severity: message.severity,
        title: message.title,
        text: plainText(message),
        link: message.link,
        alerts: message.notifications.map(({ what, alert }) => ({ what, ...alert })),
      },
    });
    const answer = await io.post({
      url,
      headers: {
        'webhook-id': message.id,
        'webhook-timestamp': seconds,
        ...(secret === undefined
          ? {}
          : { 'webhook-signature': sign(secret, `${message.id}.${seconds}.${body}`) }),
        ...(authorization === undefined ? {} : { authorization }),
      },
      body,
    });
    return judgeAnswer(answer, io.now());
  },
});

function sign(secret: string, content: string): string {
  const key = secret.startsWith(PREFIX)
    ? Buffer.from(secret.slice(PREFIX.length), 'base64')
    : secret;
  return `v1,${createHmac('sha256', key).update(content).digest('base64')}`;
}
