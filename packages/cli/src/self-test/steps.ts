/** One thing that a self-test looks at. It throws when it is not so. */
export interface Step {
  title: string;
  /** What to do when it fails. */
  advice: string;
  /** @returns what it saw, in a few words */
  run(): Promise<string>;
}

export interface StepResult {
  title: string;
  ok: boolean;
  detail: string;
  advice?: string;
  durationMs: number;
}

/** Runs one step after the other, up to the first that fails. */
export async function runSteps(
  steps: readonly Step[],
  options: { onResult(result: StepResult): void; nowMs: () => number },
): Promise<boolean> {
  for (const { title, advice, run } of steps) {
    const startMs = options.nowMs();
    const end = (): number => options.nowMs() - startMs;
    try {
      const detail = await run();
      options.onResult({ title, ok: true, detail, durationMs: end() });
    } catch (error) {
      const detail = (error as Error).message;
      options.onResult({ title, ok: false, detail, advice, durationMs: end() });
      return false;
    }
  }
  return true;
}
