// What is watched, what fires, and who is told.
export * from './alert.ts';
export * from './metrics.ts';
export * from './rule.ts';
