import { NotifiedData } from '../alerts/channel.ts';
import { STREAMS } from '../bus/streams.ts';
import type { PublicEvent } from './public-event.ts';

/** What channels of the kind `nats` tell. */
export const NOTIFIED_EVENTS: readonly PublicEvent[] = [
  {
    name: 'alertNotified',
    title: 'People are told of alerts',
    address: 'llm.alert.notified.{channel}',
    when: 'A channel of the kind `nats` tells of one alert or several, in words that can be shown as they are. Tokens that were chosen for the channel stand behind the subject.',
    sentBy: ['alerts'],
    type: 'llm.alert.notified.v1',
    data: NotifiedData,
    dataName: 'NotifiedData',
    stream: STREAMS.alerts,
    example: {
      channel: 'kitchen',
      what: 'fired',
      severity: 'critical',
      title: 'Critical: Too many failures (phi3)',
      text: '🔴 Critical: Too many failures (phi3)\nValue: 12.5 % (fires < 90 %)',
      link: 'http://localhost:8080/history?model=phi3',
      alerts: ['b3f1c2d4e5f60718'],
    },
  },
];
