import { expect, test } from 'vitest';

import { columnLayout, shownColumns } from './column-choice.tsx';

test('the usual columns are shown unless the address says which', () => {
  expect(shownColumns('q=x')).toContain('host');
  expect(shownColumns('q=x')).not.toContain('energy');
  expect(shownColumns('columns=app,cost')).toEqual(['app', 'cost']);
  expect(shownColumns('columns=rate,app,odd')).toEqual(['app', 'rate']);
  expect(shownColumns('columns=none')).toEqual([]);
});

test('what is left out takes no width', () => {
  const { class: names, style } = columnLayout('columns=app,ended,time,first,tokens');
  expect(names).toBe('without-host without-rate without-energy without-cost');
  expect(style['--wide-columns']).not.toContain('104px');
});
