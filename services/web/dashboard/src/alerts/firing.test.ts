import type { Alert } from '@llm-monitor/contracts/alerts';
import { aHost, aState } from '@llm-monitor/contracts/live/samples';
import { expect, test } from 'vitest';

import { countFiring, firingAlerts } from './firing.ts';

test('what fires the service says; while it is away the page sees for itself what it can', () => {
  const hosts = [aHost({ online: false })];
  const items = [{ id: 'a', state: 'firing' } as Alert, { id: 'b', state: 'pending' } as Alert];
  const told = aState({ hosts, alerts: { evaluated: true, items } });
  expect(firingAlerts(told)?.map(({ id }) => id)).toEqual(['a']);
  expect(countFiring(told)).toBe(1);
  expect(countFiring(aState({ hosts, alerts: { evaluated: true, items: [] } }))).toBe(0);
  const away = aState({ hosts, alerts: { evaluated: false, items } });
  expect(firingAlerts(away)).toBeNull();
  expect(countFiring(away)).toBe(1);
});
