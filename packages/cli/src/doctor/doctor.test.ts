import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import type { Pipeline } from '@llm-monitor/contracts/rest';
import { describe, expect, test } from 'vitest';

import { createStyle } from '../terminal/terminal.ts';
import type { Finding, Level } from './finding.ts';
import { formatFindings } from './format-findings.ts';
import { judgeFlow, type FlowReadings } from './judge-flow.ts';
import { judgeHome, type HomeReadings } from './judge-home.ts';
import { judgeMachine, type MachineReadings } from './judge-machine.ts';
import { judgeModels, type ModelReadings } from './judge-models.ts';
import { judgeSettings } from './judge-settings.ts';
import { judgeStack, type StackReadings } from './judge-stack.ts';
import { KNOWN_SETTINGS } from './known-settings.ts';

/** Those of a level, as one text. */
const told = (findings: readonly Finding[], level: Level): string =>
  findings
    .filter((finding) => finding.level === level)
    .map(({ subject, detail, fix }) => `${subject}: ${detail} → ${fix ?? ''}`)
    .join('\n');
const levels = (findings: readonly Finding[]) => new Set(findings.map(({ level }) => level));
const GIB = 1024 ** 3;

describe('the machine', () => {
  const machine: MachineReadings = {
    nodeVersion: 'v20.19.0',
    needed: ['nats', 'redis'],
    servers: {
      nats: { path: '/n', version: '2.12.0' },
      redis: { path: '/r', version: '7.0.15' },
    },
    docker: 'absent',
    canInstall: false,
  };

  test('is well with what is needed', () => {
    expect(levels(judgeMachine(machine))).toEqual(new Set(['ok']));
  });

  test('lacks a new Node, a server, or one that is new enough', () => {
    expect(told(judgeMachine({ ...machine, nodeVersion: 'v20.18.3' }), 'problem')).toContain(
      '20.19',
    );
    const nats = { path: '/n', version: '2.12.0' };
    const redis = { path: '/r', version: '7.0.15' };
    expect(told(judgeMachine({ ...machine, servers: { nats } }), 'problem')).toContain(
      'redis-server',
    );
    const old = {
      nats: { path: '/n', version: '2.9.10' },
      redis: { path: '/r', version: '6.2.1' },
    };
    const findings = judgeMachine({ ...machine, servers: old });
    expect(told(findings, 'note')).toMatch(
      /2\.9\.10.*two minutes.*, and.*an agent can.*, and.*an app can crash NATS.*2\.12/,
    );
    const newer = { ...old, nats: { path: '/n', version: '2.11.4' } };
    const ofNewer = told(judgeMachine({ ...machine, servers: newer }), 'note');
    expect(ofNewer).toMatch(
      /2\.11\.4 at \/n: who has credentials of an agent.*empty the stream.*2\.12/,
    );
    for (const version of ['2.9.10', '2.10.26', '2.11.0']) {
      const open = { ...old, nats: { path: '/n', version } };
      expect(told(judgeMachine({ ...machine, servers: open }), 'note')).toContain('all streams');
    }
    const bearing = { ...old, nats: { path: '/n', version: '2.9.15' } };
    expect(told(judgeMachine({ ...machine, servers: bearing }), 'note')).not.toContain('of an app');
    const guarded = { ...old, nats: { path: '/n', version: '2.10.27' } };
    expect(told(judgeMachine({ ...machine, servers: guarded }), 'note')).toContain(
      'empty the stream',
    );
    expect(told(findings, 'problem')).toContain('7.0');
    expect(
      told(judgeMachine({ ...machine, servers: { redis }, canInstall: true }), 'note'),
    ).toContain('tries to install');
  });

  test('may have Docker, or servers elsewhere, instead', () => {
    expect(levels(judgeMachine({ ...machine, servers: {}, docker: 'answers' }))).toEqual(
      new Set(['ok']),
    );
    expect(told(judgeMachine({ ...machine, servers: {}, docker: 'silent' }), 'warning')).toContain(
      'docker info',
    );
    expect(told(judgeMachine({ ...machine, needed: [], servers: {} }), 'problem')).toBe('');
  });
});

describe('the data folder', () => {
  const home: HomeReadings = {
    folder: '/data',
    mode: 0o700,
    isMine: true,
    isWritable: true,
    secrets: [{ path: '/data/bus/secrets.json', mode: 0o600 }],
    ofOthers: [],
    freeBytes: 20 * GIB,
  };

  test.each<[Partial<HomeReadings>, Level, string]>([
    [{}, 'ok', '/data'],
    [{ mode: undefined }, 'note', 'not there yet'],
    [{ mode: undefined, isWritable: false }, 'problem', 'LLM_MONITOR_HOME'],
    [{ isWritable: false, isMine: false }, 'problem', 'belongs to another user'],
    [{ mode: 0o755 }, 'warning', 'chmod 700 /data'],
    [
      { ofOthers: ['/data/bus/users.json', '/data/stack.json'] },
      'problem',
      '/data/bus/users.json and 1 more',
    ],
    [{ ofOthers: ['/data/stack.json'] }, 'problem', 'chown -R'],
    [{ secrets: [{ path: '/s', mode: 0o644 }] }, 'problem', 'chmod 600 /s'],
    [{ freeBytes: 0.3 * GIB }, 'problem', 'only 307 MiB free'],
    [{ freeBytes: 2 * GIB }, 'warning', 'only 2.0 GiB free'],
    [{ freeBytes: undefined }, 'warning', 'cannot be told'],
  ])('with %j gives a %s', (over, level, words) => {
    expect(told(judgeHome({ ...home, ...over }), level)).toContain(words);
  });
});

describe('the stack', () => {
  const part = { name: 'api', isAlive: true, restarts: 0, health: { ready: true as const } };
  const running: StackReadings = {
    pid: { state: 'running', pid: 42 },
    webUrl: 'http://localhost:8080',
    parts: [part],
    ports: [],
    command: 'lm',
  };
  const port = {
    name: 'NATS',
    port: 4222,
    isFree: true,
    holder: undefined,
    setting: 'NATS_PORT=%',
  };

  test('is well when every part is ready', () => {
    expect(levels(judgeStack(running))).toEqual(new Set(['ok']));
  });

  test('has parts that are down, not ready, or start again and again', () => {
    const not = { ready: false as const, why: 'store: Redis does not answer' };
    const parts = [
      { ...part, name: 'web', isAlive: false },
      { ...part, health: not },
      { ...part, name: 'agent', restarts: 7 },
    ];
    const findings = judgeStack({ ...running, parts });
    expect(told(findings, 'problem')).toContain('web: does not run');
    expect(told(findings, 'problem')).toContain('Redis does not answer → lm logs api');
    expect(told(findings, 'warning')).toContain('7 times');
  });

  test('is said to have a wrong clock once, though each of its parts says so', () => {
    const health = { ready: true as const, clock: 'the clock of this machine is 8 days ahead' };
    const parts = [
      { ...part, health },
      { ...part, name: 'web', health },
    ];
    const findings = judgeStack({ ...running, parts });
    expect(told(findings, 'warning')).toContain('Clocks: the clock of this machine is 8 days');
    expect(findings.filter(({ level }) => level === 'warning')).toHaveLength(1);
  });

  test('that does not run says which ports it could not take, and what it left behind', () => {
    const stopped = { ...running, pid: { state: 'absent' as const }, webUrl: undefined, parts: [] };
    expect(levels(judgeStack({ ...stopped, ports: [port] }))).toEqual(new Set(['note', 'ok']));
    const taken = { ...port, isFree: false, holder: 'nats-server (pid 7)' };
    expect(told(judgeStack({ ...stopped, ports: [taken] }), 'problem')).toMatch(
      /taken by nats-server \(pid 7\).*NATS_PORT=4223 lm start/,
    );
    const stale = judgeStack({ ...stopped, pid: { state: 'stale', pid: 9 }, parts: [part] });
    expect(told(stale, 'warning')).toMatch(/stale PID file.*\n.*api still run/);
  });
});

describe('the inference servers', () => {
  const proxy = {
    ...{ listen: '127.0.0.1:11435', upstream: '127.0.0.1:11434', isOllama: true },
    ...{ answers: true, version: '0.12.0', upstreamAnswers: true },
  };
  const models: ModelReadings = {
    address: '127.0.0.1:11434',
    ollama: { version: '0.12.0', models: 3 },
    ollamaHost: undefined,
    proxies: [proxy],
    proxyOff: undefined,
    isRunning: true,
  };

  test('are well when Ollama answers, and the proxy is before it', () => {
    expect(levels(judgeModels(models))).toEqual(new Set(['ok']));
  });

  test.each<[Partial<ModelReadings>, Level, string]>([
    [{ ollama: undefined }, 'warning', 'ollama serve'],
    [{ ollama: { version: '0.12.0', models: 0 } }, 'note', 'ollama pull'],
    [{ ollama: { version: undefined, models: undefined } }, 'note', 'no Ollama'],
    [{ ollamaHost: '0.0.0.0' }, 'warning', 'whole network'],
    [{ ollamaHost: 'http://0.0.0.0:11434' }, 'warning', 'whole network'],
    [{ ollamaHost: '127.0.0.1:11435' }, 'note', 'is the proxy'],
    [{ proxies: [{ ...proxy, answers: false }] }, 'problem', 'does not answer'],
    [{ proxies: [{ ...proxy, upstreamAnswers: false }] }, 'warning', 'nothing is behind it'],
    [{ proxies: [{ ...proxy, version: undefined }] }, 'warning', 'does not speak as Ollama'],
    [{ proxies: [], proxyOff: 'it is off' }, 'note', 'it is off'],
  ])('with %j give a %s', (over, level, words) => {
    expect(told(judgeModels({ ...models, ...over }), level)).toContain(words);
  });
});

describe('the flow of events', () => {
  const pipeline = {
    status: 'ok',
    detail: null,
    collectors: [{ name: 'c', online: true, last_seen: '' }],
    streams: [{ pending: 0 }],
    lost_events: 0,
    dead_letters: { count: 0, last_at: null },
    dropped_events: 0,
    dropped_requests: 0,
  } as unknown as Pipeline;
  const flow: FlowReadings = {
    api: 'answers',
    pipeline,
    hosts: [{ name: 'vm', clock_skew: 0.4, online: true }],
    redis: { usedBytes: GIB / 2, maxBytes: GIB },
    command: 'lm',
  };
  const over = (changes: Partial<Pipeline>) => ({ pipeline: { ...pipeline, ...changes } });

  test('is well when nothing waits, nothing is lost and clocks agree', () => {
    expect(levels(judgeFlow(flow))).toEqual(new Set(['ok']));
  });

  test.each<[string, Partial<FlowReadings>, Level, string]>([
    ['a token that is missing', { api: 'locked' }, 'problem', 'LLM_MONITOR_TOKEN'],
    ['a silent API', { api: 'silent' }, 'problem', 'lm logs api'],
    [
      'a backlog',
      over({ status: 'behind', streams: [{ pending: 2000 }] as never }),
      'warning',
      '2000 events wait',
    ],
    ['no collector', over({ status: 'stalled', detail: 'None runs.' }), 'problem', 'stalled'],
    ['lost events', over({ lost_events: 3 }), 'warning', '3 were dropped by NATS'],
    [
      'dropped events',
      over({ dropped_events: 5, dropped_requests: 2 }),
      'warning',
      '5 events of 2 calls',
    ],
    [
      'dead letters',
      over({ dead_letters: { count: 4, last_at: null } }),
      'warning',
      'lm dead-letters',
    ],
    [
      'a wrong clock',
      { hosts: [{ name: 'gpu', clock_skew: -7.31, online: true }] },
      'warning',
      'gpu is 7.3 s behind',
    ],
    [
      'a full Redis',
      { redis: { usedBytes: 0.95 * GIB, maxBytes: GIB } },
      'warning',
      'REDIS_MAXMEMORY',
    ],
    [
      'a Redis without bound',
      { redis: { usedBytes: GIB, maxBytes: 0 } },
      'note',
      'without a bound',
    ],
  ])('with %s says so', (_what, changes, level, words) => {
    expect(told(judgeFlow({ ...flow, ...changes }), level)).toContain(words);
  });
});

describe('the settings', () => {
  const judge = (env: Record<string, string>) => judgeSettings({ env, refused: [] });

  test('are well when all are known', () => {
    const env = {
      LLM_MONITOR_HOME: '/x',
      LLM_MONITOR_TOKEN_FILE: '/t',
      OTHER: 'x',
      LLM_MONITOR_TOKN: '',
    };
    expect(levels(judge(env))).toEqual(new Set(['ok']));
  });

  test('that are misspelt get the nearest one, and those that make no sense do not', () => {
    expect(told(judge({ LLM_MONITOR_TOKN: 'x' }), 'warning')).toContain(
      'Did you mean LLM_MONITOR_TOKEN?',
    );
    expect(told(judge({ LLM_MONITOR_NATS_PASWORD: 'x' }), 'warning')).toContain(
      'LLM_MONITOR_NATS_PASSWORD?',
    );
    expect(told(judge({ LLM_MONITOR_COFFEE_MACHINE: 'x' }), 'warning')).not.toContain(
      'Did you mean',
    );
  });

  test('never show what they hold', () => {
    const env = {
      LLM_MONITOR_TOKEN: 'sesame',
      LLM_MONITOR_TOKEN_FILE: '/t',
      LLM_MONITOR_TOKN: 'sesame',
      HOST: '0.0.0.0',
    };
    const findings = judge(env);
    expect(JSON.stringify(findings)).not.toContain('sesame');
    expect(told(findings, 'problem')).toContain('LLM_MONITOR_TOKEN_FILE are both set');
    expect(told(findings, 'warning')).toMatch(/6 characters[^]*without HTTPS/);
  });

  test('that open the dashboard need a token', () => {
    expect(told(judge({ HOST: '0.0.0.0' }), 'note')).toContain('this machine alone');
    const env = { HOST: '0.0.0.0', LLM_MONITOR_TOKEN: 'x'.repeat(24), TLS_CERT_FILE: '/c' };
    expect(levels(judge(env))).toEqual(new Set(['ok']));
  });

  test('are known by the list, as far as the sources name them', () => {
    const root = fileURLToPath(new URL('../../../..', import.meta.url));
    const named = new Set<string>();
    for (const folder of ['packages', 'services']) {
      for (const entry of readdirSync(join(root, folder), {
        recursive: true,
        withFileTypes: true,
      })) {
        const path = join(entry.parentPath, entry.name);
        if (!/\/src\/.*\.ts$/.test(path) || /node_modules|\.test\.ts$/.test(path)) continue;
        for (const [name] of readFileSync(path, 'utf8').matchAll(/LLM_MONITOR_[A-Z_]*[A-Z]/g))
          named.add(name);
      }
    }
    expect(named.size).toBeGreaterThan(20);
    const unknown = [...named].filter((name) => !KNOWN_SETTINGS.has(name.replace(/_FILE$/, '')));
    expect(unknown).toEqual([]);
  });
});

test('findings are lines with the way out below them, and a verdict', () => {
  const findings: Finding[] = [
    { level: 'ok', subject: 'Node.js', detail: 'v20' },
    { level: 'problem', subject: 'Port 8080', detail: 'taken\u001b[2J', fix: 'one\ntwo' },
    { level: 'warning', subject: 'Disk', detail: 'little' },
  ];
  expect(formatFindings(findings, createStyle(false)).split('\n')).toEqual([
    '✓ Node.js           v20',
    '✗ Port 8080         taken',
    '                    → one',
    '                    → two',
    '! Disk              little',
    '',
    '1 problem, 1 warning.',
  ]);
});
