import { expect, test, vi } from 'vitest';

import { createFramePacer } from './frame-pacer.ts';

/** A window whose timers and frames come when the test says so. */
function aWindow() {
  let nowMs = 0;
  let serial = 0;
  const timers = new Map<number, { atMs: number; run: () => void }>();
  const frames = new Map<number, () => void>();
  const document = { hidden: false };
  const pass = (ms: number) => {
    nowMs += ms;
    for (const [id, { atMs, run }] of [...timers]) {
      if (atMs <= nowMs && timers.delete(id)) run();
    }
  };
  const paint = () => {
    const due = [...frames.values()];
    frames.clear();
    for (const run of due) run();
  };
  const window = {
    document,
    performance: { now: () => nowMs },
    setTimeout(run: () => void, ms = 0) {
      timers.set(++serial, { atMs: nowMs + ms, run });
      return serial;
    },
    clearTimeout: (id: number) => timers.delete(id),
    requestAnimationFrame(run: () => void) {
      frames.set(++serial, run);
      return serial;
    },
    cancelAnimationFrame: (id: number) => frames.delete(id),
  };
  return { window: window as unknown as Window, document, pass, paint };
}

test('the first comes with the next paint, further ones ten times a second at most', () => {
  const { window, pass, paint } = aWindow();
  const nextFrame = createFramePacer(window);
  const flush = vi.fn<() => void>();
  nextFrame(flush);
  expect(flush).not.toHaveBeenCalled();
  paint();
  expect(flush).toHaveBeenCalledTimes(1);
  nextFrame(flush);
  pass(50);
  paint();
  expect(flush).toHaveBeenCalledTimes(1);
  pass(50);
  paint();
  expect(flush).toHaveBeenCalledTimes(2);
  pass(60_000);
  paint();
  expect(flush).toHaveBeenCalledTimes(2);
});

test('a window that is not painted is flushed all the same, once', () => {
  const { window, pass, paint } = aWindow();
  const flush = vi.fn<() => void>();
  createFramePacer(window)(flush);
  pass(1000);
  expect(flush).toHaveBeenCalledTimes(1);
  paint();
  expect(flush).toHaveBeenCalledTimes(1);
});

test('a hidden tab waits for no paint', () => {
  const { window, document, pass } = aWindow();
  document.hidden = true;
  const flush = vi.fn<() => void>();
  const nextFrame = createFramePacer(window);
  pass(1000);
  nextFrame(flush);
  pass(0);
  expect(flush).toHaveBeenCalledTimes(1);
});
