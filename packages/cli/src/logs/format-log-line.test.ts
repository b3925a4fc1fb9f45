import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { createStyle } from '../terminal/terminal.ts';
import { formatLogLine } from './format-log-line.ts';

const style = createStyle(false);

describe('formatLogLine', () => {
  // Three quarters of an hour tell it from every zone that a machine of ours is in.
  beforeEach(() => void vi.stubEnv('TZ', 'Asia/Kathmandu'));
  afterEach(() => void vi.unstubAllEnvs());

  it('makes a line of a JSON entry, with the time of this machine, as all commands have it', () => {
    const entry = {
      level: 'warn',
      time: '2026-01-02T03:04:05.678Z',
      service: 'api',
      msg: 'slow',
      ms: 12,
    };
    expect(formatLogLine(JSON.stringify(entry), 'api', style)).toBe(
      'api 08:49:05 warn  slow ms=12',
    );
  });

  it('shows the message of an error, not its stack', () => {
    const entry = {
      level: 'error',
      time: '2026-01-02T03:04:05Z',
      err: { message: 'gone', stack: '…' },
    };
    expect(formatLogLine(JSON.stringify(entry), 'api', style)).toBe('api 08:49:05 error err=gone');
  });

  it('does without a time that is none', () => {
    expect(formatLogLine('{"level":"info","msg":"up","time":"?"}', 'api', style)).toBe(
      'api  info  up',
    );
  });

  it.each(['[12] nats-server starts', '{not json'])('leaves "%s" as it is', (line) => {
    expect(formatLogLine(line, 'nats', style)).toBe(`nats ${line}`);
  });
});
