import { defineConfig, defaultClientConditions, type Plugin } from 'vite';

/**
 * The page speaks over websockets alone: what engine.io-client brings for polling and WebTransport is left out. Fails where the
 * library has moved that list.
 */
function websocketOnly(): Plugin {
  let isFound = false;
  return {
    name: 'websocket-only',
    transform(_code, id) {
      if (!id.endsWith('engine.io-client/build/esm/transports/index.js')) return undefined;
      isFound = true;
      return "import { WS } from './websocket.js';\nexport const transports = { websocket: WS };";
    },
    buildEnd(error) {
      if (!error && !isFound) this.error('engine.io-client has no list of transports any more');
    },
  };
}

export default defineConfig({
  plugins: [websocketOnly()],
  // The server writes the path that it serves the dashboard below into the page.
  base: './',
  // Never the development form, which NODE_ENV=test would choose: it carries the paths of this machine.
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact', development: false } },
  // Workspace packages come from their sources: the dashboard builds without building them first.
  resolve: { conditions: ['@llm-monitor/source', ...defaultClientConditions] },
  build: {
    // The first versions with light-dark(), container queries and cascade layers.
    target: ['chrome123', 'edge123', 'firefox121', 'safari17.5'],
    // The page's policy is `default-src 'self'`: nothing may become a data: address.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: true,
  },
  // For work on the dashboard: `vite dashboard`, beside a running monitor.
  server: {
    proxy: {
      '/api': 'http://127.0.0.1:8080',
      '/login': 'http://127.0.0.1:8080',
      '/socket.io': { target: 'ws://127.0.0.1:8080', ws: true, rewriteWsOrigin: true },
    },
  },
});
