import { describe, expect, it } from 'vitest';

import { formatBytes, formatDuration } from './format.ts';

describe('formatBytes', () => {
  it.each([
    [2048, '2 KiB'],
    [64 * 1024 * 1024, '64 MiB'],
    [1.5 * 1024 ** 3, '1.5 GiB'],
  ])('writes %d as %s', (bytes, text) => {
    expect(formatBytes(bytes)).toBe(text);
  });
});

describe('formatDuration', () => {
  it.each([
    [400, '0 s'],
    [8000, '8 s'],
    [725_000, '12 min 5 s'],
    [3_600_000, '1 h'],
    [273_600_000, '3 d 4 h'],
  ])('writes %d ms as %s', (durationMs, text) => {
    expect(formatDuration(durationMs)).toBe(text);
  });
});
