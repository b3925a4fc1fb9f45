import { expect, test } from 'vitest';

import { historyLists } from './history-lists.ts';

test('the lists of a history are its hours, and the parts of those that are in parts, oldest first', () => {
  const parts = Array.from({ length: 16 }, (_, i) => 9 + i / 16);
  expect(historyLists(['10', '9', '8'], ['9'])).toEqual([8, ...parts, 10]);
  // What is noted without an hour may still hold something.
  expect(historyLists(['10'], ['9'])).toEqual([...parts, 10]);
  expect(historyLists([], [])).toEqual([]);
});
