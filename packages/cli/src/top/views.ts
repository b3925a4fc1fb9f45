/** What can be looked at, one at a time. */
export const VIEWS = ['calls', 'models', 'hosts', 'recent'] as const;
export type View = (typeof VIEWS)[number];
