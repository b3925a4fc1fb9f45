import { describe, expect, test } from 'vitest';

import { jsonLine, oneLine, printable } from './printable.ts';

describe('text from outside', () => {
  test('cannot steer the terminal, and keeps its lines', () => {
    expect(printable('a\u001b[2Jb\u009b31mc\u0007\u007f\nd\te')).toBe('a�[2Jb�31mc��\nd\te');
    expect(printable('abc\u202egnp.exe')).toBe('abc�gnp.exe');
  });

  test('becomes one line without escape sequences', () => {
    expect(oneLine('\u001b]0;owned\u0007why\r\n is\t\u001b[31mthe\u001b[0m sky\u0000 blue ')).toBe(
      'why is the sky blue',
    );
    expect(oneLine('\u202e\u2067a\u2028b\u200bc')).toBe('a b c');
    expect(oneLine('cut \ud83d')).toBe('cut �');
  });

  test('stays the same text in JSON, of letters that do nothing', () => {
    const text = 'a\u001b[2J\u009bb\u007f\u202e\u2028c';
    const line = jsonLine({ text });
    // eslint-disable-next-line no-control-regex
    expect(line).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u2028\u202e]/);
    expect(JSON.parse(line)).toEqual({ text });
  });
});
