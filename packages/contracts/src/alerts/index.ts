// What is watched, what fires, and who is told.
export * from './alert.ts';
export * from './rule.ts';
