export type { Ending } from './plan-call.ts';
export { runDemo } from './run-demo.ts';
