/** Where programs reach the agent's proxy, as the server wrote it into the page. */
export const proxyAddress = (): string =>
  document.documentElement.dataset['proxy'] ?? '127.0.0.1:11435';
