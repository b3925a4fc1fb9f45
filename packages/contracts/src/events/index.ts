// The public bus. A leaf: it imports its schema library only, so that clients, services and other programs can rely on it.
export * from './bot.ts';
export * from './control.ts';
export * from './create-event.ts';
export * from './dead-letter.ts';
export * from './envelope.ts';
export * from './heartbeat.ts';
export * from './host.ts';
export * from './limits.ts';
export * from './progress.ts';
export * from './request.ts';
export * from './text.ts';
export * from './verdict.ts';
