import { enCalls } from './en-calls.ts';
import { enMachines } from './en-machines.ts';
import { plural } from './plural.ts';

/** Every text of the dashboard. The other languages have this type, so that a missing one fails the type check. */
export const en = {
  ...enCalls,
  ...enMachines,
  locale: 'en',
  product: 'LLM Monitor',
  skipToContent: 'Skip to content',
  version: (version: string) => `v${version}`,
  dayUnit: 'd',
  uptime: 'Up',
  uptimeHint: 'Time since the service started',

  close: 'Close',
  copy: 'Copy',
  copied: 'Copied',
  copyFailed: 'Select the text and copy it',
  loadFault: 'This part of the page could not be loaded',
  pages: {
    label: 'Pages',
    live: 'Live',
    history: 'History',
    models: 'Models',
    apps: 'Apps',
    hosts: 'Hosts',
  },
  titles: {
    live: 'Live',
    history: 'History',
    models: 'Models',
    apps: 'Apps',
    hosts: 'Hosts',
    pipeline: 'Collecting',
    'not-found': 'Not found',
  },
  titleOf: (page: string) => `${page} · LLM Monitor`,

  connection: {
    connecting: 'Connecting',
    live: 'Live',
    stale: 'Stale',
    reconnecting: 'Reconnecting',
    error: 'No connection',
    now: 'updated now',
    age: (age: string) => `${age} ago`,
    retryNow: 'Try now',
    saidConnected: 'Connected. Data is live.',
    saidStale: 'No news from the server. The data shown may be old.',
    saidReconnecting: 'Connection lost. The last data stays on screen.',
    saidError: 'The server cannot be reached.',
  },
  theme: {
    label: 'Theme',
    system: 'As the system',
    light: 'Light',
    dark: 'Dark',
  },
  language: 'Language',
  notices: 'Notices',
  demo: {
    banner: 'Demo: simulated traffic only',
    leave: 'Show real traffic',
    running: 'Demo traffic is running',
    runningHint: 'It is kept apart from what you see here',
  },
  degraded:
    'Calls are not being collected at the moment, so the figures may be behind. `./llm-monitor status` says which part is down.',
  pipeline: {
    link: 'Collecting',
    linkHint: 'Where events wait, and where some were lost',
    behind: (count: string) => `${count} events wait to be collected; the figures are behind.`,
    lost: (count: string, n: number) =>
      `${count} ${plural(n, 'event was', 'events were')} lost before ${plural(n, 'it was', 'they were')} collected.`,
    letters: (count: string, n: number) =>
      `${count} ${plural(n, 'message', 'messages')} could not be used.`,
    more: 'See which',
  },
  clockSkew: (skew: string) =>
    `This device's clock differs from the server's by ${skew}. Running times follow the server.`,

  tiles: {
    label: 'Figures',
    active: 'Running now',
    activeNone: 'no call is running',
    throughput: 'Tokens per second',
    throughputUnit: 'tok/s',
    throughputDetail: (n: string) => `sum of ${n} generating`,
    throughputNone: 'nothing is generating',
    firstToken: 'Time to first token',
    response: 'Response time',
    median: 'p50',
    p95: 'p95',
    mean: 'mean',
    lastCalls: (n: string) => `last ${n}`,
    noSample: 'no completed call yet',
    success: 'Success',
    totalCalls: (n: number) => plural(n, 'call', 'calls'),
    cancelled: 'cancelled',
    errors: 'Errors',
    timeouts: (n: number) => plural(n, 'time-out', 'time-outs'),
    otherErrors: (n: number) => plural(n, 'other error', 'other errors'),
  },
  phases: {
    waiting: 'Waiting',
    queued: 'Queued',
    loading: 'Loading',
    prompt: 'Reading',
    generating: 'Generating',
  },
  phaseCounts: {
    waiting: () => 'waiting',
    loading: () => 'loading',
    prompt: () => 'reading',
    generating: (_n: number) => 'generating',
  },
  statuses: {
    completed: 'Completed',
    failed: 'Failed',
    timeout: 'Timed out',
    cancelled: 'Cancelled',
  },
  columns: {
    phase: 'Phase',
    status: 'Status',
    model: 'Model',
    prompt: 'Prompt',
    app: 'App',
    host: 'Host',
    elapsed: 'Elapsed',
    tokens: 'Tokens',
    rate: 'tok/s',
    ended: 'Ended',
    duration: 'Duration',
    firstToken: 'First token',
    calls: 'Calls',
    success: 'Success',
    mean: 'Mean',
    p50: 'p50',
    p95: 'p95',
    p99: 'p99',
    lastUsed: 'Last used',
  },
  active: {
    title: 'Running calls',
    none: 'No call is running. Listening…',
    estimate: 'an estimate until the call ends',
    noPrompt: 'prompt not captured',
    ended: 'Ended',
  },
  models: {
    title: 'Models',
    none: 'No model has been seen yet.',
    loaded: 'in memory',
    available: 'installed',
    missing: 'not installed',
    unknown: 'state unknown',
    never: 'never',
    running: 'running',
    ago: (age: string) => `${age} ago`,
  },
  history: {
    title: 'Recent calls',
    none: 'Ended calls appear here.',
    shown: (n: number) => `the last ${n}`,
    fresh: (n: number) => `${n} newer`,
  },
  empty: {
    title: 'Listening for the first call…',
    lead: 'Nothing has been recorded yet. Change one line in a program that uses the ollama package:',
    whatNext: 'Run it, and its call appears here while it streams.',
    anyProgram:
      'Any other program, in any language and unchanged: send its calls through the proxy, `OLLAMA_HOST=127.0.0.1:11435 python app.py`.',
    snippet: 'First call',
    demoBefore: 'No model at hand? ',
    demoAfter: ' sends simulated traffic.',
    demoTitle: 'No demo traffic yet',
    demoLead: 'Start it in a terminal; it appears here and never in the real figures.',
    modelsFound: (models: string) => `Found on this machine: ${models}`,
    prompt: 'Why is the sky blue?',
  },
  error: {
    unreachableTitle: 'The monitor does not answer',
    unreachable: 'The page cannot reach the service that sent it. It may be stopped or restarting.',
    noDataTitle: 'The service answers but has no data',
    noData: 'It is connected to this page, but not to its store or its bus.',
    fix: 'See what is down:',
    fixStart: 'and start it:',
    said: (fault: string) => `It said: ${fault}`,
  },
  crashed: {
    title: 'The page ran into an error',
    reload: 'Reload',
  },
  notFound: {
    title: 'There is no such page',
    back: 'Go to the live view',
  },
};

type Widened<T> = T extends string
  ? string
  : T extends (...parameters: infer P) => string
    ? (...parameters: P) => string
    : { readonly [K in keyof T]: Widened<T[K]> };

export type Catalogue = Widened<typeof en>;
