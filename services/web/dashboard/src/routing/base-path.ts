/** Below which path the monitor is served, as the server wrote it into the page; empty for the root. */
export const basePath = (): string => globalThis.document?.documentElement.dataset['base'] ?? '';
