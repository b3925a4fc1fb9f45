import { ALL_PROGRESS } from './subjects.ts';

/**
 * Accounts of the embedded NATS. What is said in one is heard in another only where both say so, and whoever confirms an event to the
 * other side answers the one who sent it and nobody else: so an app cannot have the streams say something at a subject of its choice.
 */
export const BUS_ACCOUNTS = {
  /** The streams, the monitor's own services, agents, readers, and programs of this machine without credentials. */
  monitor: 'LLM_MONITOR',
  /** Apps with credentials. */
  apps: 'LLM_APPS',
} as const;

/** What apps say to the monitor, whichever of them. */
export const SAID_BY_APPS = ['llm.request.>', ALL_PROGRESS, 'llm.app.heartbeat.>'] as const;

/** What the monitor asks apps. Each hears of it what it may subscribe to. */
export const ASKED_OF_APPS = ['llm.control.cancel.>'] as const;
