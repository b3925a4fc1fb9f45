import type { Context } from '../context.ts';

/** Runs a command and ends with its exit code. */
export type Run = (command: (context: Context) => Promise<number>) => Promise<void>;
