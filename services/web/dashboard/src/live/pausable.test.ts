import { expect, test } from 'vitest';

import { createStore } from '../store/store.ts';
import { createPausable } from './pausable.ts';

test('a paused view stands still, and shows all that came meanwhile when it goes on', () => {
  const source = createStore(1);
  const { shown, isPaused, toggle } = createPausable(source);
  source.set(2);
  expect(shown.get()).toBe(2);
  toggle();
  expect(isPaused.get()).toBe(true);
  source.set(3);
  source.set(4);
  expect(shown.get()).toBe(2);
  toggle();
  expect(shown.get()).toBe(4);
  source.set(5);
  expect(shown.get()).toBe(5);
});
