import {
  Alert,
  AlertRule,
  READY_RULES,
  type AlertList,
  type AlertMetricList,
  type AlertRuleList,
  type StoredAlert,
} from '@llm-monitor/contracts/alerts';
import { Value } from 'typebox/value';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { startApi, type RunningApi } from '../helpers/start-api.ts';
import { startRedis, type RedisServer } from '../helpers/start-redis.ts';

let redis: RedisServer;
let api: RunningApi;

beforeAll(async () => {
  redis = await startRedis();
  const tokens = { operator: 'operator', viewer: 'viewer' };
  api = await startApi({ redisUrl: redis.url, shards: 1, tokens });
});
afterAll(async () => {
  await api.close();
  await redis.stop();
});

const headers = (role: string, type?: string): Record<string, string> => ({
  authorization: `Bearer ${role}`,
  ...(type === undefined ? {} : { 'content-type': type }),
});
const get = (path: string) => api.get(path, { headers: headers('viewer') });
const send = (method: string, path: string, body?: unknown, role = 'operator') =>
  api.get(path, {
    ...{ method, headers: headers(role, body === undefined ? undefined : 'application/json') },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
const sendYaml = (path: string, body: string) =>
  api.get(path, { method: 'PUT', headers: headers('operator', 'application/yaml'), body });
const ruleIds = async () => {
  const { body } = await get('/api/alerts/rules');
  return (body as { rules: AlertRule[] }).rules.map(({ id }) => id);
};

const slow = {
  ...{ id: 'slow', name: 'Slow', metric: 'p95', comparator: '>', threshold: 5 },
  severity: 'warning',
};

describe('rules', () => {
  test('are set as a whole, one by one, and removed', async () => {
    const set = await send('PUT', '/api/alerts/rules', { rules: [slow, READY_RULES[0]] });
    expect(set.body).toMatchObject({
      ...{ dryRun: false, added: ['slow', 'failed-requests'], changed: [], removed: [] },
    });
    const { id: _id, ...withoutId } = slow;
    const changed = await send('PUT', '/api/alerts/rules/slow', { ...withoutId, threshold: 6 });
    expect(changed.body).toMatchObject({ added: [], changed: ['slow'] });
    const { body } = await get('/api/alerts/rules');
    const { rules, names } = body as AlertRuleList;
    // A ready rule is called by its name in other languages too.
    expect(names).toEqual({ 'failed-requests': { it: 'Molte chiamate fallite' } });
    expect(rules.map(({ id, threshold }) => [id, threshold])).toEqual([
      ['failed-requests', 10],
      ['slow', 6],
    ]);
    for (const rule of rules) expect(Value.Errors(AlertRule, rule)).toEqual([]);
    expect((await send('DELETE', '/api/alerts/rules/slow')).status).toBe(204);
    expect((await send('DELETE', '/api/alerts/rules/slow')).status).toBe(404);
    expect(await ruleIds()).toEqual(['failed-requests']);
  });

  test('go out as YAML and come back the same; a dry run changes nothing', async () => {
    await send('PUT', '/api/alerts/rules', { rules: READY_RULES });
    const { body, headers: answered } = await get('/api/alerts/rules.yaml');
    expect(answered.get('content-type')).toMatch(/^application\/yaml/);
    const yaml = String(body);
    expect((await sendYaml('/api/alerts/rules', yaml)).body).toMatchObject({
      ...{ added: [], changed: [], removed: [] },
    });
    const edited = yaml
      .replace('threshold: 10\n', 'threshold: 20\n')
      .replace('id: backlog', 'id: b2');
    const dry = await sendYaml('/api/alerts/rules?dryRun=true', edited);
    expect(dry.body).toMatchObject({
      ...{ dryRun: true, added: ['b2'], changed: ['failed-requests'], removed: ['backlog'] },
    });
    expect(await ruleIds()).toContain('backlog');
  });

  test('that are wrong change nothing, and each error names rule, field and what is allowed', async () => {
    const before = await ruleIds();
    const { status, body } = await sendYaml(
      '/api/alerts/rules',
      'rules:\n  - { id: a, name: A, metric: p95, comparator: ">", threshold: many, severity: high }\n  - name: B\n',
    );
    expect(status).toBe(400);
    expect(body).toMatchObject({
      title: 'Wrong rules',
      detail: expect.stringMatching(/^a: threshold must be a number.*\(and \d more\)$/),
    });
    expect((body as { problems: unknown[] }).problems).toEqual(
      expect.arrayContaining([
        {
          ...{ rule: 'a', field: 'severity', detail: 'must be info, warning or critical' },
          details: { it: 'deve essere: info, warning o critical' },
        },
        expect.objectContaining({ rule: 'rule 2', field: 'metric' }),
      ]),
    );
    const unreadable = await sendYaml('/api/alerts/rules', 'rules: [\n  }');
    expect(unreadable).toMatchObject({ status: 400, body: { title: 'Not YAML' } });
    const bomb = 'a: &a [x, x]\nrules: [*a, *a]';
    expect((await sendYaml('/api/alerts/rules', bomb)).status).toBe(400);
    const deep = await sendYaml('/api/alerts/rules', '['.repeat(60_000));
    expect(deep.status).toBe(400);
    const other = await send('PUT', '/api/alerts/rules/slow', { ...slow, id: 'fast' });
    expect(other.body).toMatchObject({ detail: 'fast: id must be "slow", as in the address.' });
    expect((await send('PUT', '/api/alerts/rules?dryRun=maybe', { rules: [] })).status).toBe(400);
    expect(await ruleIds()).toEqual(before);
  });

  test('are read by viewers and set by operators', async () => {
    const rules = { rules: [] };
    expect((await send('PUT', '/api/alerts/rules', rules, 'viewer')).status).toBe(403);
    expect((await send('PUT', '/api/alerts/rules/slow', slow, 'viewer')).status).toBe(403);
    expect((await send('DELETE', '/api/alerts/rules/slow', undefined, 'viewer')).status).toBe(403);
    expect((await send('POST', '/api/alerts/preview', slow, 'viewer')).status).toBe(403);
    expect((await get('/api/alerts/rules')).status).toBe(200);
  });

  test('can be looked up by what they look at, and begun from ready ones', async () => {
    const { body } = await get('/api/alerts/metrics');
    const { metrics } = body as AlertMetricList;
    expect(metrics).toContainEqual(
      expect.objectContaining({ name: 'p95', unit: 's', scopes: ['model', 'app', 'host'] }),
    );
    expect(metrics).toContainEqual(expect.objectContaining({ name: 'model_gone', windowed: true }));
    const lost = metrics.find(({ name }) => name === 'lost_events');
    expect(lost?.descriptions['it']).toMatch(/^Eventi che un flusso ha scartato/);
    expect((await get('/api/alerts/templates')).body).toMatchObject({
      rules: READY_RULES,
      names: { backlog: { it: 'Eventi in attesa' } },
    });
    const away = await send('POST', '/api/alerts/preview', slow);
    expect(away).toMatchObject({ status: 503, body: { detail: expect.stringMatching(/NATS/) } });
    expect((await send('POST', '/api/alerts/preview', { id: 'x' })).status).toBe(400);
  });
});

describe('alerts', () => {
  const anAlert = (id: string, over: Partial<Alert>): Alert => ({
    ...{ id, rule: 'slow', name: 'Slow', severity: 'warning', state: 'firing', metric: 'p95' },
    ...{ unit: 's', of: {}, comparator: '>', threshold: 5, windowSeconds: 300, value: 6 },
    ...{ since: '2026-01-15T12:00:00.000Z', firedAt: null, resolvedAt: null, resolution: null },
    ...{ link: '/', ...over },
  });

  test('are those that fire, the worst first, then what is pending, then what is over, newest first', async () => {
    const { global } = api.keys;
    expect((await get('/api/alerts')).body).toEqual({
      ...{ firing: 0, pending: 0, evaluated: false, evaluatedAt: null, items: [] },
    });
    const now = [
      anAlert('p', { state: 'pending', severity: 'critical' }),
      anAlert('w', {}),
      anAlert('c', { severity: 'critical', rule: 'backlog', name: 'Events wait' }),
    ];
    for (const alert of now) {
      const stored: Partial<StoredAlert> = { alert };
      await api.redis.hset(global.alertStates, alert.id, JSON.stringify(stored));
    }
    await api.redis.hset(global.alertStatus, 'evaluatedAtMs', Date.now());
    for (const id of ['old', 'new']) {
      const alert = JSON.stringify(anAlert(id, { state: 'resolved' }));
      await api.redis.xadd(global.alertLog, '*', 'what', 'resolved', 'alert', alert);
    }
    const list = async (query: string) => {
      const { status, body } = await get(`/api/alerts${query}`);
      expect(status, JSON.stringify(body)).toBe(200);
      return body as AlertList;
    };
    const all = await list('');
    expect(all).toMatchObject({ firing: 2, pending: 1, evaluated: true });
    expect(all.items.map(({ id }) => id)).toEqual(['c', 'w', 'p', 'new', 'old']);
    expect(all.items.map(({ names }) => names?.['it'])).toEqual([
      ...['Eventi in attesa', undefined, undefined, undefined, undefined],
    ]);
    for (const alert of all.items) expect(Value.Errors(Alert, alert)).toEqual([]);
    const ids = async (query: string) => (await list(query)).items.map(({ id }) => id);
    expect(await ids('?state=resolved&limit=1')).toEqual(['new']);
    expect(await ids('?rule=backlog')).toEqual(['c']);
    expect((await get('/api/alerts?state=odd')).status).toBe(400);
  });
});
