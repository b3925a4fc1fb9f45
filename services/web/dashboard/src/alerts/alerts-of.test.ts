import { aHost, aState, aStatus } from '@llm-monitor/contracts/live/samples';
import { describe, expect, test } from 'vitest';

import { alertsOf } from './alerts-of.ts';

const kinds = (...[over]: Parameters<typeof aState>) =>
  alertsOf(aState(over)).map(({ kind, host, count }) => [kind, host ?? count ?? '']);

describe('what fires', () => {
  test('is nothing where all is well', () => {
    expect(kinds({ hosts: [aHost()], status: aStatus() })).toEqual([]);
  });

  test('is what is lost and missing, the worst first', () => {
    const status = aStatus({
      ...{ dead_letters: 2, lost_events: 3, waiting_events: 1000, dropped_requests: 4 },
    });
    expect(kinds({ status })).toEqual([
      ['lost', 3],
      ['behind', 1000],
      ['letters', 2],
      ['dropped', 4],
    ]);
    expect(kinds({ status: aStatus({ waiting_events: 999, dropped_events: 1 }) })).toEqual([
      ['droppedEvents', 1],
    ]);
  });

  test('is what hosts lack; of a silent one nothing else is known', () => {
    const server = { ...aHost().server, provider: 'ollama', address: 'x', version: null };
    const hosts = [
      aHost({ name: 'full', memory_percent: 95 }),
      aHost({ name: 'down', server: { ...server, processes: null, reachable: false } }),
      aHost({ name: 'gone', online: false, memory_percent: 99 }),
    ];
    expect(kinds({ hosts })).toEqual([
      ['serverDown', 'down'],
      ['memoryFull', 'full'],
      ['hostSilent', 'gone'],
    ]);
  });
});
