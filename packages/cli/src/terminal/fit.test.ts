import { describe, expect, test } from 'vitest';

import { clip, fit, widthOf } from './fit.ts';

describe('a text in columns', () => {
  test('is clipped between characters, however wide they are', () => {
    expect(clip('abcdef', 6)).toBe('abcdef');
    expect(clip('abcdef', 4)).toBe('abc…');
    expect(clip('日本語', 6)).toBe('日本語');
    expect(clip('日本語', 5)).toBe('日本…');
    expect(clip('日本語', 4)).toBe('日…');
    expect(clip('👨‍👩‍👧👨‍👩‍👧', 3)).toBe('👨‍👩‍👧…');
    expect(clip('e\u0301e\u0301e\u0301', 2)).toBe('e\u0301…');
    expect(clip('ab', 0)).toBe('');
  });

  test('is filled to exactly its columns', () => {
    for (const text of ['', 'a', '日本語', '👩🏽‍🚀 goes', 'plain ascii']) {
      for (const width of [1, 2, 3, 5, 12]) expect(widthOf(fit(text, width))).toBe(width);
    }
    expect(fit('7', 3, 'right')).toBe('  7');
  });
});
