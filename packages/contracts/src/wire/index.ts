// What a producer needs at run time to write events, without the schema library: a monitored app must not pay for it.
export * from '../events/create-event.ts';
export * from '../events/limits.ts';
export * from '../events/text.ts';
