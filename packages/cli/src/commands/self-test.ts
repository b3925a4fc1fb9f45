import { createFakeOllama } from '@llm-monitor/fake-ollama';

import type { Context } from '../context.ts';
import { pipelineSteps } from '../self-test/pipeline-steps.ts';
import { runSteps, type StepResult } from '../self-test/steps.ts';
import { findRunningStack } from './running-stack.ts';

const PIECES = ['The ', 'whole ', 'pipeline ', 'works', '.'];

/** `test`: sends one call through the running pipeline and follows it. It stays out of all totals. */
export async function selfTest(context: Context): Promise<number> {
  const stack = await findRunningStack(context);
  const { terminal } = context;
  const fake = createFakeOllama({ respond: () => ({ content: PIECES, tokenDelayMs: 20 }) });
  const { steps, close } = pipelineSteps(stack, fake);
  const onResult = (result: StepResult) => terminal.print(formatResult(result, terminal.style));
  try {
    const ok = await runSteps(steps, { onResult, nowMs: () => performance.now() });
    terminal.print(ok ? '\nEverything works.' : '');
    return ok ? 0 : 1;
  } finally {
    await close();
    await fake.close().catch(() => undefined);
  }
}

function formatResult(result: StepResult, style: Context['terminal']['style']): string {
  const sign = result.ok ? style.green('✓') : style.red('✗');
  const took = `${Math.round(result.durationMs)} ms`.padStart(8);
  const line = `${sign} ${result.title.padEnd(32)}${style.dim(took)}   ${result.detail}`;
  return result.advice ? `${line}\n\n${result.advice}` : line;
}
