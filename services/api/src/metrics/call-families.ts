import type { ActiveRequest } from '@llm-monitor/contracts/rest';

import type { Family, Labels, Sample } from './exposition.ts';
import { LABELS, OTHER_ERROR, type LabelledLifetime } from './gen-ai-families.ts';
import type { Combination } from './name-combinations.ts';

type NeverLess = (series: string, value: number) => number;

/** Calls that started, ended and run. */
export function callFamilies(options: {
  combinations: readonly LabelledLifetime[];
  active: readonly ActiveRequest[];
  nameOf(of: Combination): Combination;
  neverLess: NeverLess;
}): Family[] {
  const { combinations, neverLess } = options;
  const counter = (name: string, labels: Labels, value: number): Sample => ({
    suffix: '_total',
    labels,
    value: neverLess(name + JSON.stringify(labels), value),
  });
  return [
    {
      name: 'llm_monitor_requests_started',
      type: 'counter',
      help: 'Calls that started.',
      samples: combinations.map(({ labels, lifetime }) =>
        counter('started', labels, lifetime.counts.started),
      ),
    },
    {
      name: 'llm_monitor_requests',
      type: 'counter',
      help: 'Calls that ended, by outcome; of failed ones error_type says whether they timed out.',
      samples: combinations.flatMap(({ labels, lifetime: { counts } }) =>
        [
          { outcome: 'completed', count: counts.completed },
          { outcome: 'cancelled', count: counts.cancelled },
          { outcome: 'failed', errorType: 'timeout', count: counts.timeouts },
          { outcome: 'failed', errorType: OTHER_ERROR, count: counts.failed - counts.timeouts },
        ].map(({ outcome, errorType, count }) =>
          counter(
            'ended',
            { ...labels, outcome, ...(errorType ? { [LABELS.errorType]: errorType } : {}) },
            count,
          ),
        ),
      ),
    },
    {
      name: 'llm_monitor_requests_active',
      type: 'gauge',
      help: 'Calls that run now.',
      samples: activeSamples(options),
    },
  ];
}

/** A combination whose calls have all ended says 0: a series that only ends looks as if its last value lasted. */
function activeSamples(options: {
  combinations: readonly LabelledLifetime[];
  active: readonly ActiveRequest[];
  nameOf(of: Combination): Combination;
}): Sample[] {
  const running = new Map<string, number>();
  const keyOf = (model: string, app: string) => JSON.stringify([model, app]);
  for (const { labels } of options.combinations) {
    running.set(keyOf(labels[LABELS.model] ?? '', labels[LABELS.app] ?? ''), 0);
  }
  for (const call of options.active) {
    const { model, app } = options.nameOf(call);
    const key = keyOf(model, app);
    running.set(key, (running.get(key) ?? 0) + 1);
  }
  return [...running].map(([key, value]) => {
    const [model = '', app = ''] = JSON.parse(key) as string[];
    return { labels: { [LABELS.model]: model, [LABELS.app]: app }, value };
  });
}
