import { defineConfig, defaultClientConditions } from 'vite';

import { compressedFiles } from './bundling/compressed-files.ts';
import { trimSocketIo } from './bundling/trim-socket-io.ts';
import { trimUPlot } from './bundling/trim-uplot.ts';

/**
 * Few and large, since what is alike is packed together: what the first view needs, then everything else, which comes right after it, so
 * that a page left open needs nothing of an older version once a newer one is installed. Charts and a second language are what is over.
 */
const CHUNKS = [
  { name: 'start', tags: ['$initial' as const], priority: 2 },
  {
    name: 'pages',
    test: /contracts[\\/]src|dashboard[\\/]src[\\/](?!charts[\\/](create-plot|chart(-grid|-kinds|-data|-legend|-table)?\.|trend-board)|i18n)/,
    priority: 1,
    includeDependenciesRecursively: false,
  },
];

export default defineConfig({
  plugins: [trimSocketIo(), trimUPlot(), compressedFiles()],
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
    // Chunks are few: what one needs is there, or asked for at once. Styles of the pages still come before their code.
    modulePreload: false,
    rolldownOptions: {
      output: { codeSplitting: { groups: CHUNKS } },
      // Who starts the monitor on a slow machine need not hear which step of the build was slow.
      checks: { bundlerTimings: false },
    },
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
