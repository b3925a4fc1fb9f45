// What is watched, what fires, and who is told.
export * from './alert.ts';
export * from './answers.ts';
export * from './check-rules.ts';
export * from './metric-texts.ts';
export * from './metrics.ts';
export * from './ready-names.ts';
export * from './rule-problem-texts.ts';
export * from './ready-rules.ts';
export * from './channel.ts';
export * from './channel-settings.ts';
export * from './rule.ts';
export * from './stored-alerts.ts';
