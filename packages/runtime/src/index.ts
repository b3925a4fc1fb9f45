// What services share, and nothing else does: how they are configured, started, watched and connected.
export * from './access.ts';
export * from './answer-client-error.ts';
export * from './bus-address.ts';
export * from './bus.ts';
export * from './config.ts';
export * from './decline-upgrade.ts';
export * from './generation.ts';
export * from './health.ts';
export * from './logger.ts';
export * from './rate-limiter.ts';
export * from './refused-address.ts';
export * from './roles.ts';
export * from './run-service.ts';
export * from './script.ts';
export * from './server-tls.ts';
export * from './store-clock.ts';
export { readSetting } from './setting-files.ts';
// The rest of it is of '@llm-monitor/runtime/store': an agent or a connector knows no Redis and should not hold its client.
export type { StoreConnection } from './store.ts';
export * from './tls-settings.ts';
export * from './version.ts';
export * from './yaml-depth.ts';
