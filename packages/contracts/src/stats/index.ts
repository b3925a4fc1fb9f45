// No schema library here: the dashboard's bundle takes values from this folder.
export * from './gen-ai.ts';
export * from './log-buckets.ts';
export * from './metrics.ts';
export * from './token-buckets.ts';
