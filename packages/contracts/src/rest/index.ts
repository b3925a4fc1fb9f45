// What the API answers. Public: names and units are a contract with people's scripts.
export * from './bots.ts';
export * from './cancel.ts';
export * from './costs.ts';
export * from './deletion.ts';
export * from './demo.ts';
export * from './end-status.ts';
export * from './from-feed.ts';
export * from './from-record.ts';
export * from './health.ts';
export * from './over-time.ts';
export * from './overview.ts';
export * from './pipeline.ts';
export * from './requests.ts';
