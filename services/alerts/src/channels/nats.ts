import type { NotifiedData } from '@llm-monitor/contracts/alerts';
import { subjects } from '@llm-monitor/contracts/bus';
import { createEvent } from '@llm-monitor/contracts/events';

import { headLine, plainText } from '../core/message/plain-text.ts';
import { defineChannel } from './define-channel.ts';

/**
 * The bus itself. What fires is on it in any case, as data, at `llm.alert.fired.<rule>`; this is for whoever wants texts that can be shown as
 * they are, grouped, in a language: a display, a chat bot of your own, a gateway to MQTT.
 */
export const nats = defineChannel({
  kind: 'nats',
  title: { en: 'NATS', it: 'NATS' },
  description: {
    en: 'Finished texts on the bus, for displays, bots and home automation.',
    it: 'Testi pronti sul bus, per display, bot e domotica.',
  },
  fields: {
    subject: {
      ...{ type: 'string', maxLength: 120, pattern: '^[A-Za-z0-9_-]+(\\.[A-Za-z0-9_-]+)*$' },
      title: { en: 'End of the subject', it: 'Fine del subject' },
      hint: {
        en: 'It is published at llm.alert.notified.<id of this channel>, and what stands here behind it.',
        it: 'Viene pubblicato su llm.alert.notified.<id di questo canale>, seguito da quello che c’è qui.',
      },
      example: 'kitchen.display',
    },
  },
  async send(message, { subject }, io) {
    const { id, channel, what, severity, title, link, atMs } = message;
    const alerts = message.notifications.map(({ alert }) => alert.id);
    const data: NotifiedData = {
      ...{ channel, what, severity, title, link, alerts },
      text: `${headLine(message)}\n${plainText(message)}`,
    };
    const at = [subjects.alertNotified(channel), ...(subject === undefined ? [] : [subject])].join(
      '.',
    );
    return await io.publish(
      at,
      createEvent({
        ...{ id, source: '/services/alerts', type: 'llm.alert.notified.v1', data },
        time: new Date(atMs).toISOString(),
        subject: at,
      }),
    );
  },
});
