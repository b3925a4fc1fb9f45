export * from './accounts.ts';
export * from './event-subjects.ts';
export * from './permissions.ts';
export * from './ports.ts';
export * from './streams.ts';
export * from './subjects.ts';
