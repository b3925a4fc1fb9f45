/** The services of a stack. */
export const SERVICES = ['collector', 'api', 'web', 'agent', 'alerts', 'connectors'] as const;
export type ServiceName = (typeof SERVICES)[number];
