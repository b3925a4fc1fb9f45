import type { RequestEndedData } from '@llm-monitor/contracts/events';

import { createCallObserver } from './call-observer.ts';
import { createDeferral } from './deferral.ts';

/** For tests without a bus: an observer whose calls end up in `ends`, once `deferral` has run. */
export function observeEnds(options: { abandonAfterMs: number }) {
  const ends: RequestEndedData[] = [];
  const deferral = createDeferral(1, () => undefined);
  const observer = createCallObserver({
    deferral,
    abandonAfterMs: options.abandonAfterMs,
    onBegin: () => undefined,
    context: {
      ...{ app: 'a', instance: 'i', host: 'h', demo: false, tags: [], redact: undefined },
      capture: 'preview',
      publish({ mark, payload }) {
        if (mark === 'end') ends.push((JSON.parse(payload) as { data: RequestEndedData }).data);
      },
      publishProgress: () => undefined,
    },
  });
  return { ends, deferral, observer };
}
