import { describe, expect, it } from 'vitest';

import { createStyle } from '../terminal/terminal.ts';
import { formatFigures, formatParts, formatProxies, type PartRow } from './status-table.ts';

const row = (name: string, over: Partial<PartRow> = {}): PartRow => ({
  part: {
    name,
    phase: 'running',
    process: { pid: 42, started: 'x' },
    startedAtMs: 0,
    restarts: 0,
  },
  memoryBytes: 60 * 1024 * 1024,
  health: { ready: true },
  ...over,
});

describe('formatParts', () => {
  it('shows each part and the memory of all', () => {
    const dead = row('web', {
      part: { ...row('web').part, phase: 'restarting', process: undefined, restarts: 3 },
      memoryBytes: undefined,
      health: { ready: false, why: 'not running' },
    });
    expect(formatParts([row('collector'), dead], 65_000, createStyle(false)).split('\n')).toEqual([
      'part        state        health        pid   memory   uptime      restarts',
      'collector   running      ok             42   60 MiB   1 min 5 s          0',
      'web         restarting   not running     –        –   –                  3',
      'in all                                       60 MiB',
    ]);
  });
});

describe('formatParts of one that is not ready', () => {
  it('keeps its columns together, and says below why', () => {
    const why = 'redis: does not answer (connect ECONNREFUSED 127.0.0.1:6379): does it run?';
    const web = row('web', { health: { ready: false, why } });
    expect(formatParts([web], 65_000, createStyle(false)).split('\n')).toEqual([
      'part     state     health      pid   memory   uptime      restarts',
      'web      running   not ready    42   60 MiB   1 min 5 s          0',
      'in all                               60 MiB',
      '',
      `web: ${why}`,
    ]);
  });
});

describe('formatProxies', () => {
  it('shows each proxy, and says where nothing is behind one', () => {
    const ollama = { listen: '127.0.0.1:11435', upstream: '127.0.0.1:11434', isOllama: true };
    const other = { listen: '127.0.0.1:11436', upstream: 'gpu:8000', isOllama: false };
    expect(
      formatProxies(
        [
          { ...ollama, answers: false },
          { ...other, answers: true },
        ],
        createStyle(false),
      ).split('\n'),
    ).toEqual([
      'Proxy 127.0.0.1:11435 → 127.0.0.1:11434   any program: OLLAMA_HOST=127.0.0.1:11435 python app.py',
      '  nothing answers at 127.0.0.1:11434: calls through it fail',
      'Proxy 127.0.0.1:11436 → gpu:8000',
    ]);
  });
});

describe('formatFigures', () => {
  const figures = {
    active_requests: 1,
    total_requests: 12,
    failed_requests: 2,
    total_tokens: 300,
    success_rate: 83.333,
  } as Parameters<typeof formatFigures>[0];

  it('gives the figures of the API', () => {
    expect(formatFigures(figures)).toBe(
      'active 1   total 12   failed 2   tokens 300   success 83.3 %',
    );
  });

  it('says nothing of success before anything ended', () => {
    expect(formatFigures({ ...figures, success_rate: null })).not.toContain('success');
  });
});
