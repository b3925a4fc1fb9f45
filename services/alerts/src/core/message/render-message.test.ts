import { describe, expect, test } from 'vitest';

import type { Notification } from '../notification.ts';
import { cleanText } from './clean-text.ts';
import { formatSpan, formatTime, formatValue } from './format-values.ts';
import { plainText } from './plain-text.ts';
import { renderMessage } from './render-message.ts';

const HOSTILE = "<!channel> =cmd|' /C calc'!A0\r\nBcc: x@y";

type Changes = Partial<Notification['alert']>;
const a = (what: Notification['what'], changes: Changes = {}): Notification => {
  const alert: Notification['alert'] = {
    ...{ id: 'a1', rule: 'failures', name: 'Too many failures', severity: 'critical' },
    ...{ state: what === 'resolved' ? 'resolved' : 'firing', metric: 'success_rate', unit: '%' },
    ...{ of: { model: 'phi3' }, comparator: '<', threshold: 90, windowSeconds: 300, value: 12.345 },
    ...{ since: '2026-05-01T10:00:00.000Z', firedAt: '2026-05-01T10:01:00.000Z' },
    ...{ resolvedAt: null, resolution: null, link: '/history?model=phi3&status=failed' },
    ...changes,
  };
  const rule = { ...{ id: alert.rule, name: alert.name, enabled: true, metric: alert.metric } };
  return {
    ...{ id: `${alert.id}:${what}`, what, alert },
    rule: {
      ...rule,
      ...{ comparator: '<', threshold: 90, windowSeconds: 300, forSeconds: 0, noData: 'ok' },
      ...{ renotifySeconds: 0, severity: alert.severity },
    },
  };
};

const render = (notifications: Notification[], language: 'en' | 'it' = 'en') =>
  renderMessage({
    ...{ id: 'm1', notifications, dashboardUrl: 'https://monitor.example/llm/', nowMs: 0 },
    channel: { id: 'team', name: 'Team', language },
  });

describe('a message of one alert', () => {
  test('says what fires, the value and its limit, of what, and since when', () => {
    const message = render([a('fired')]);
    expect(message).toMatchObject({ mark: '🔴', title: 'Critical: Too many failures (phi3)' });
    expect(plainText(message)).toBe(
      [
        ...['Value: 12.35 % (fires < 90 %)', 'Metric: success_rate, last 5 min', 'Model: phi3'],
        ...['Since: 2026-05-01 10:00 UTC', ''],
        'Open LLM Monitor: https://monitor.example/llm/history?model=phi3&status=failed',
      ].join('\n'),
    );
  });

  test('is in Italian where the channel is', () => {
    const message = render([a('fired', { severity: 'warning' })], 'it');
    expect(message).toMatchObject({ mark: '🟠', title: 'Avviso: Too many failures (phi3)' });
    expect(plainText(message)).toContain('Valore: 12,35 % (soglia: < 90 %)');
    expect(plainText(message)).toContain('Modello: phi3\nDa: 2026-05-01 10:00 UTC');
    // A ready rule has a name in each language, until somebody gives it another.
    const ready = { rule: 'backlog', name: 'Events wait', unit: 'events' };
    expect(render([a('fired', ready)], 'it').title).toBe('Critico: Eventi in attesa (phi3)');
    expect(plainText(render([a('fired', ready)], 'it'))).toContain('12,35 eventi');
    expect(render([a('fired', ready)]).title).toBe('Critical: Events wait (phi3)');
    expect(render([a('fired', { ...ready, name: 'Coda' })], 'it').title).toContain('Coda');
  });

  test('says that it is over, for how long it was, and why', () => {
    const over = { resolvedAt: '2026-05-01T13:21:00.000Z', resolution: 'value' } as const;
    const message = render([a('resolved', { ...over, value: null })]);
    expect(message).toMatchObject({ mark: '✅', title: 'Resolved: Too many failures (phi3)' });
    expect(plainText(message)).toContain('Last value: no data (fires < 90 %)');
    expect(plainText(message)).toContain(
      '2026-05-01 10:01 UTC to 2026-05-01 13:21 UTC (3 h 20 min)',
    );
    expect(plainText(render([a('resolved', over)], 'it'))).toContain(
      'Perché: il valore è rientrato nella soglia',
    );
  });

  test('says that it still fires, and that a test is one', () => {
    expect(render([a('fired', { of: {} })]).title).toBe('Critical: Too many failures');
    expect(render([a('again')]).title).toBe('Still critical: Too many failures (phi3)');
    expect(render([a('test')])).toMatchObject({ mark: '🔔', title: 'Test of Team' });
    expect(plainText(render([a('test')], 'it'))).toContain('Una prova richiesta da qualcuno');
  });
});

describe('a message of several alerts', () => {
  const storm = Array.from({ length: 100 }, (_, index) =>
    a('fired', { id: `a${index}`, severity: index === 50 ? 'critical' : 'info' }),
  );

  test('tells the gravest and counts the rest', () => {
    const message = render([...storm, a('resolved', { id: 'b' })]);
    expect(message).toMatchObject({
      ...{ title: '100 alerts fire, 1 resolved', severity: 'critical', mark: '🔴' },
      ...{ more: 'and 91 more', link: 'https://monitor.example/llm/alerts' },
    });
    expect(message.items).toHaveLength(10);
    expect(message.notifications).toHaveLength(101);
    expect(render(storm, 'it').title).toBe('100 allarmi attivi');
    expect(render(storm.slice(0, 10)).more).toBeNull();
    expect(render(storm.slice(0, 11), 'it').more).toBe('e un altro');
    expect(render(storm.slice(0, 12), 'it').more).toBe('e altri 2');
  });

  test('says of how many it tells, in words of its language', () => {
    const some = (what: Notification['what'], count: number) =>
      Array.from({ length: count }, (_, index) => a(what, { id: `${what}${index}` }));
    const titles = (firing: number, resolved: number) =>
      (['en', 'it'] as const).map(
        (language) =>
          render([...some('again', firing), ...some('resolved', resolved)], language).title,
      );
    expect(titles(2, 0)).toEqual(['2 alerts fire', '2 allarmi attivi']);
    expect(titles(0, 2)).toEqual(['2 resolved', '2 risolti']);
    expect(titles(1, 1)).toEqual(['1 alert fires, 1 resolved', '1 allarme attivo, 1 risolto']);
    expect(render(some('again', 1), 'it').title).toBe(
      'Ancora attivo (critico): Too many failures (phi3)',
    );
  });

  test('has each alert with its title and its link, and what there is more, as plain text', () => {
    const text = plainText(render([...storm.slice(0, 11)]));
    expect(text.match(/Info: Too many failures \(phi3\)\nValue: /g)).toHaveLength(10);
    expect(text.match(/\nhttps:\/\/monitor\.example\/llm\/history/g)).toHaveLength(10);
    expect(text).toContain('\n\nand 1 more\n\nOpen LLM Monitor: ');
    expect(plainText(render(storm.slice(0, 2)))).not.toContain('more');
  });

  test('tells of each alert what was said last', () => {
    const message = render([a('fired'), a('fired', { id: 'b' }), a('resolved')]);
    expect(message.title).toBe('1 alert fires, 1 resolved');
    expect(render([a('fired'), a('again'), a('resolved')]).title).toMatch(/^Resolved/);
  });
});

describe('what comes from outside', () => {
  test('has no line ends, control or turning characters, and an end', () => {
    expect(cleanText(HOSTILE)).toBe("<!channel> =cmd|' /C calc'!A0 Bcc: x@y");
    expect(cleanText('a\u202Eb\u0000c\u2028d\u200Be\uD800f')).toBe('a b c d e f');
    expect(cleanText(' \n a \t ')).toBe('a');
    expect(cleanText('x'.repeat(500))).toHaveLength(121);
  });

  test('is one line in every text of a message', () => {
    const message = render([
      a('fired', { name: HOSTILE, metric: HOSTILE, unit: HOSTILE, of: { [HOSTILE]: HOSTILE } }),
    ]);
    const texts = [
      message.title,
      ...message.items.flatMap(({ facts }) => facts.flatMap((fact) => [fact.label, fact.value])),
    ];
    for (const text of texts) expect(text).not.toMatch(/[\r\n]/);
  });

  test.each([
    ['//evil.example/x', 'https://monitor.example/llm/alerts'],
    ['/\\evil.example', 'https://monitor.example/llm/alerts'],
    ['javascript:alert(1)', 'https://monitor.example/llm/alerts'],
    ['/models/a b|c"<>', 'https://monitor.example/llm/models/a%20b%7Cc%22%3C%3E'],
    ['/history?model=a%20b', 'https://monitor.example/llm/history?model=a%20b'],
  ])('leads from %s to %s', (link, address) => {
    expect(render([a('fired', { link })]).link).toBe(address);
  });
});

test.each([
  [0.25, 's', 'en', '250 ms'],
  [1, 's', 'en', '1 s'],
  [0, 's', 'en', '0 s'],
  [0.5, '%', 'en', '0.5 %'],
  [12.5, 's', 'it', '12,5 s'],
  [3 * 1024 ** 3, 'bytes', 'en', '3 GiB'],
  [1234.5, 'requests', 'it', '1234,5 richieste'],
  [7, '', 'en', '7'],
] as const)('%d %s is %s: %s', (value, unit, language, text) => {
  expect(formatValue(value, unit, language)).toBe(text);
});

test('days are short in each language, and what is nothing of a span is left out', () => {
  expect(formatSpan(187_200, 'it')).toBe('2 g 4 h');
  expect(formatSpan(2 * 86_400, 'en')).toBe('2 d');
});

test('a time that is none is shown as it came', () => {
  expect(formatTime('some day')).toBe('some day');
});

test.each([
  [119, '119 s'],
  [120, '2 min'],
  [3600, '1 h'],
  [86_400, '1 d'],
  [30, '30 s'],
  [300, '5 min'],
  [12_000, '3 h 20 min'],
  [187_200, '2 d 4 h'],
])('%d seconds are %s', (seconds, text) => {
  expect(formatSpan(seconds, 'en')).toBe(text);
});
