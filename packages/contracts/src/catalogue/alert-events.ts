import { Alert } from '../alerts/alert.ts';
import { STREAMS } from '../bus/streams.ts';
import type { PublicEvent } from './public-event.ts';

const alert = {
  id: 'slow-answers-tea1c05c0f8e0e',
  rule: 'slow-answers',
  name: 'Slow answers',
  severity: 'warning',
  metric: 'p95',
  unit: 's',
  of: { model: 'llama3.2:3b' },
  comparator: '>',
  threshold: 20,
  windowSeconds: 300,
  value: 31.4,
  since: '2026-05-01T09:55:00.000Z',
  firedAt: '2026-05-01T10:00:00.000Z',
  link: '/models/llama3.2%3A3b?from=2026-05-01T09%3A59%3A00.000Z&to=2026-05-01T10%3A00%3A00.000Z',
};

const common = {
  sentBy: ['alerts'],
  data: Alert,
  dataName: 'Alert',
  stream: STREAMS.alerts,
} as const;

/** What rules of alerts found. */
export const ALERT_EVENTS: readonly PublicEvent[] = [
  {
    ...common,
    name: 'alertFired',
    title: 'An alert fires',
    address: 'llm.alert.fired.{rule}',
    when: 'What a rule looks for holds for as long as the rule says.',
    type: 'llm.alert.fired.v1',
    example: { ...alert, state: 'firing', resolvedAt: null, resolution: null },
  },
  {
    ...common,
    name: 'alertResolved',
    title: 'An alert is over',
    address: 'llm.alert.resolved.{rule}',
    when: 'What a rule looks for no longer holds, there is nothing to look at any more, or the rule is another or gone.',
    type: 'llm.alert.resolved.v1',
    example: {
      ...alert,
      state: 'resolved',
      value: 3.2,
      resolvedAt: '2026-05-01T10:07:00.000Z',
      resolution: 'value',
    },
  },
];
