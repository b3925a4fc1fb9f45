import type { Terminal } from './terminal.ts';

const WIDTH = 30;

/** Shows how far a long piece of work is: a bar where a person looks, else a line for each step. */
export interface ProgressBar {
  /** @param of how much there will be, where that is known */
  show(step: string, done: number, of?: number): void;
  end(): void;
}

export function createProgressBar(terminal: Terminal): ProgressBar {
  let lastStep = '';
  let startedAtMs = 0;
  return {
    show(step, done, of) {
      if (step !== lastStep) {
        terminal.redraw(undefined);
        terminal.print(`${step} …`);
        lastStep = step;
        startedAtMs = performance.now();
      }
      terminal.redraw(formatProgress(done, of, performance.now() - startedAtMs));
    },
    end: () => terminal.redraw(undefined),
  };
}

/** `██████░░░░ 60 %   12000 of 20000   8000/s` */
export function formatProgress(done: number, of: number | undefined, elapsedMs: number): string {
  const rate = elapsedMs > 1000 ? `   ${Math.round((done * 1000) / elapsedMs)}/s` : '';
  if (of === undefined || of <= 0) return done > 0 ? `${done}${rate}` : '';
  const share = Math.min(1, done / of);
  const full = Math.round(share * WIDTH);
  const bar = '█'.repeat(full) + '░'.repeat(WIDTH - full);
  return `${bar} ${Math.floor(share * 100)} %   ${done} of ${of}${rate}`;
}
