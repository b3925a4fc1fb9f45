import { expect, test } from 'vitest';

import { formatProgress } from './progress-bar.ts';

test('a bar shows the share that is done, the numbers and the rate', () => {
  expect(formatProgress(50, 200, 2000)).toBe(
    `${'█'.repeat(8)}${'░'.repeat(22)} 25 %   50 of 200   25/s`,
  );
  expect(formatProgress(300, 200, 100)).toBe(`${'█'.repeat(30)} 100 %   300 of 200`);
});

test('what will be is not made up', () => {
  expect(formatProgress(7, undefined, 0)).toBe('7');
  expect(formatProgress(0, undefined, 0)).toBe('');
});
