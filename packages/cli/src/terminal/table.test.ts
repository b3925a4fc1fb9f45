import { describe, expect, it } from 'vitest';

import { createStyle } from './terminal.ts';
import { formatTable } from './table.ts';

describe('formatTable', () => {
  it('aligns columns, numbers to the right', () => {
    const rows = [
      ['part', 'memory'],
      ['collector', '9 MB'],
    ];
    expect(formatTable(rows, new Set([1]))).toBe('part        memory\ncollector     9 MB');
  });

  it('does not count colours as width', () => {
    const { green } = createStyle(true);
    const [, line] = formatTable(
      [
        ['state', 'x'],
        [green('ok'), 'y'],
      ],
      new Set(),
    ).split('\n');
    expect(line).toBe(`${green('ok')}      y`);
  });
});
