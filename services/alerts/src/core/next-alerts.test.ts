import type { AlertRule, StoredAlert } from '@llm-monitor/contracts/alerts';
import { describe, expect, test } from 'vitest';

import { aRule } from './a-rule.ts';
import { MAX_ALERTS_PER_RULE, nextAlerts, type Found } from './next-alerts.ts';

const T0 = Date.UTC(2026, 0, 15, 12);

/** A monitor with a clock of its own: each look is five seconds after the one before. */
function createWatch(given: AlertRule) {
  let rule: AlertRule | undefined = given;
  let alerts: StoredAlert[] = [];
  let nowMs = T0;
  let ids = 0;
  let overflow = 0;
  const lookAt = (readings: Found['readings'], isBehind = false) => {
    nowMs += 5000;
    const next = nextAlerts(alerts, rule ? [{ rule, readings }] : [], {
      ...{ nowMs, clearMs: 30_000, gapMs: 30_000, isBehind, newId: () => String(++ids) },
    });
    ({ alerts, overflow } = next);
    return next.happened.map(({ what, as, alert: { resolution } }) =>
      [as, what, ...(resolution ? [resolution] : [])].join(' '),
    );
  };
  return {
    /** Looks at one value so often. @returns what happened */
    look: (value: number | null, times = 1) =>
      Array.from({ length: times }, () => lookAt({ readings: [{ of: {}, value }] })).flat(),
    lookAt,
    pass: (ms: number) => void (nowMs += ms),
    change: (over: Partial<AlertRule> | undefined) => void (rule = over && { ...given, ...over }),
    alert: () => alerts[0]?.alert,
    alerts: () => alerts,
    overflow: () => overflow,
  };
}

describe('an alert', () => {
  test('fires at once where nothing is to be waited for, and once however long it lasts', () => {
    const watch = createWatch(aRule());
    expect(watch.look(10)).toEqual([]);
    expect(watch.look(11)).toEqual(['event fired', 'tell fired']);
    expect(watch.alert()).toMatchObject({
      ...{ id: 'many-failed-1', state: 'firing', value: 11, of: {}, unit: 'requests' },
      ...{ since: '2026-01-15T12:00:10.000Z', firedAt: '2026-01-15T12:00:10.000Z' },
      link: '/?from=2026-01-15T11%3A59%3A10.000Z&to=2026-01-15T12%3A00%3A10.000Z',
    });
    expect(watch.look(12, 100)).toEqual([]);
    expect(watch.alert()).toMatchObject({ id: 'many-failed-1', value: 12 });
  });

  test('is pending until it held for so long; one moment without it begins anew', () => {
    const watch = createWatch(aRule({ forSeconds: 15 }));
    expect(watch.look(11, 3)).toEqual([]);
    expect(watch.alert()).toMatchObject({ state: 'pending', since: '2026-01-15T12:00:05.000Z' });
    expect(watch.look(0)).toEqual([]);
    expect(watch.alert()).toBeUndefined();
    expect(watch.look(11, 3)).toEqual([]);
    expect(watch.look(11)).toEqual(['event fired', 'tell fired']);
    expect(watch.alert()?.since).toBe('2026-01-15T12:00:25.000Z');
  });

  test('is resolved only after a while: what comes and goes is one alert', () => {
    const watch = createWatch(aRule());
    watch.look(11);
    for (let i = 0; i < 20; i++) expect([...watch.look(0, 5), ...watch.look(11)]).toEqual([]);
    expect(watch.look(0, 6)).toEqual([]);
    expect(watch.alert()).toMatchObject({ state: 'firing', value: 0 });
    expect(watch.look(0)).toEqual(['event resolved value', 'tell resolved value']);
    expect(watch.alert()).toBeUndefined();
    watch.look(11);
    expect(watch.alert()?.id).toBe('many-failed-2');
  });

  test('that waits long before it fires waits as long until it is resolved, but five minutes at most', () => {
    const watch = createWatch(aRule({ forSeconds: 60 }));
    watch.look(11, 13);
    expect(watch.look(0, 12)).toEqual([]);
    expect(watch.look(0)).toContain('event resolved value');
    const slow = createWatch(aRule({ forSeconds: 3600 }));
    slow.look(11, 721);
    expect(slow.look(0, 60)).toEqual([]);
    expect(slow.look(0)).toContain('event resolved value');
  });

  test('that was not looked at for a while counts its time anew, but keeps its beginning while it fires', () => {
    const watch = createWatch(aRule({ forSeconds: 60 }));
    watch.look(11, 12);
    watch.pass(120_000);
    expect(watch.look(11)).toEqual([]);
    expect(watch.look(11, 12)).toEqual(['event fired', 'tell fired']);
    const since = watch.alert()?.since;
    watch.look(0, 3);
    watch.pass(3_600_000);
    expect(watch.look(0)).toEqual([]);
    expect(watch.look(11)).toEqual([]);
    expect(watch.alert()).toMatchObject({ state: 'firing', since });
    watch.pass(3_600_000);
    expect(watch.look(11)).toEqual([]);
    expect(watch.alert()).toMatchObject({ state: 'firing', since });
  });
});

describe('without a value', () => {
  const states = (noData: AlertRule['noData']) => {
    const calm = createWatch(aRule({ noData }));
    const firing = createWatch(aRule({ noData }));
    firing.look(11);
    return { calm: calm.look(null, 8), firing: firing.look(null, 8) };
  };
  test('all is well, or it fires, or all stays as it was', () => {
    expect(states('ok')).toEqual({
      ...{ calm: [], firing: ['event resolved no-data', 'tell resolved no-data'] },
    });
    expect(states('fire')).toEqual({ calm: ['event fired', 'tell fired'], firing: [] });
    expect(states('keep')).toEqual({ calm: [], firing: [] });
  });

  test('a subject that is gone has the value that the metric gives it', () => {
    const watch = createWatch(aRule({ scope: { each: 'model' } }));
    watch.lookAt({ readings: [{ of: { model: 'a' }, value: 11 }], absent: 0 });
    for (let i = 0; i < 6; i++) expect(watch.lookAt({ readings: [], absent: 0 })).toEqual([]);
    expect(watch.lookAt({ readings: [], absent: 0 })).toContain('event resolved value');
  });
});

describe('while the monitor itself is away', () => {
  test('nothing that cannot be read begins or ends', () => {
    const watch = createWatch(aRule());
    watch.look(11);
    for (let i = 0; i < 30; i++) expect(watch.lookAt(undefined)).toEqual([]);
    expect(watch.alert()?.state).toBe('firing');
  });

  test('and behind, what is there counts and what is missing does not', () => {
    const watch = createWatch(aRule());
    const behind = (value: number | null) => watch.lookAt({ readings: [{ of: {}, value }] }, true);
    expect(behind(11)).toEqual(['event fired', 'tell fired']);
    for (let i = 0; i < 30; i++) expect(behind(i % 2 ? 0 : null)).toEqual([]);
    const few = createWatch(aRule({ comparator: '<', threshold: 1, noData: 'fire' }));
    expect(few.lookAt({ readings: [{ of: {}, value: 0 }] }, true)).toEqual([]);
    expect(few.lookAt({ readings: [{ of: {}, value: null }] }, true)).toEqual([]);
    expect(few.look(0)).toEqual(['event fired', 'tell fired']);
  });
});

describe('people', () => {
  test('are told again as often as the rule wants', () => {
    const watch = createWatch(aRule({ renotifySeconds: 60 }));
    watch.look(11);
    expect(watch.look(11, 11)).toEqual([]);
    expect(watch.look(11, 13)).toEqual(['tell again', 'tell again']);
  });

  test('are left alone in quiet hours: told when these are over, and never of what came and went meanwhile', () => {
    const quietHours = { from: '12:00', to: '12:05', timeZone: 'UTC' };
    const watch = createWatch(aRule({ quietHours }));
    expect(watch.look(11)).toEqual(['event fired']);
    expect(watch.look(11, 58)).toEqual([]);
    expect(watch.look(11)).toEqual(['tell fired']);
    const gone = createWatch(aRule({ quietHours }));
    gone.look(11);
    expect(gone.look(0, 7)).toEqual(['event resolved value']);
    const critical = createWatch(aRule({ quietHours, severity: 'critical' }));
    expect(critical.look(11)).toEqual(['event fired', 'tell fired']);
  });
});

describe('a rule that changes', () => {
  test('ends what it found when it looks at something else, is off or gone; what was pending leaves no trace', () => {
    const ended = (over: Partial<AlertRule> | undefined, value = 11) => {
      const watch = createWatch(aRule());
      watch.look(11);
      watch.change(over);
      return watch.look(value);
    };
    expect(ended(undefined)).toEqual(['event resolved rule-removed', 'tell resolved rule-removed']);
    expect(ended({ enabled: false })).toContain('event resolved rule-changed');
    expect(ended({ metric: 'timeouts' }, 0)).toContain('event resolved rule-changed');
    expect(ended({ comparator: '>=' })).toContain('event resolved rule-changed');
    expect(ended({ scope: { app: 'shop' } })).toContain('event resolved rule-changed');
    expect(ended({ windowSeconds: 60 }, 0)).toContain('event resolved rule-changed');
    // By another threshold it is judged at once.
    expect(ended({ threshold: 100 })).toContain('event resolved rule-changed');
    expect(ended({ threshold: 5, name: 'Other' })).toEqual([]);
    const pending = createWatch(aRule({ forSeconds: 60 }));
    pending.look(11);
    pending.change(undefined);
    expect(pending.look(11)).toEqual([]);
    expect(pending.alerts()).toEqual([]);
  });

  test('that is off finds nothing, and keeps nothing of what it found', () => {
    const watch = createWatch(aRule({ enabled: false }));
    expect(watch.look(11, 2)).toEqual([]);
    expect(watch.lookAt(undefined)).toEqual([]);
    expect(watch.alerts()).toEqual([]);
  });

  test('whose scope names the same in another order looks at the same', () => {
    const watch = createWatch(aRule({ scope: { app: 'shop', host: 'box' } }));
    const of = { app: 'shop', host: 'box' };
    watch.lookAt({ readings: [{ of, value: 11 }] });
    watch.change({ scope: { host: 'box', app: 'shop' } });
    const turned = { host: 'box', app: 'shop' };
    expect(watch.lookAt({ readings: [{ of: turned, value: 12 }] })).toEqual([]);
    expect(watch.alerts()).toHaveLength(1);
    expect(watch.alert()).toMatchObject({ id: 'many-failed-1', value: 12 });
  });

  test('keeps no more alerts than a person can read, and says how many more there are', () => {
    const watch = createWatch(aRule({ scope: { each: 'model' } }));
    const readings = Array.from({ length: MAX_ALERTS_PER_RULE + 5 }, (_, i) => ({
      ...{ of: { model: `m${i}` }, value: 11 },
    }));
    expect(watch.lookAt({ readings })).toHaveLength(2 * MAX_ALERTS_PER_RULE);
    expect(watch.lookAt({ readings })).toEqual([]);
    expect(watch.alerts()).toHaveLength(MAX_ALERTS_PER_RULE);
    expect(watch.overflow()).toBe(5);
  });
});
