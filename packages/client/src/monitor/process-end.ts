/** What wants to be told that the process ends. */
export interface ProcessEndListener {
  /** Nothing is left to do: the process will end. Resolves when it may. */
  idle(): Promise<void>;
  /** A signal will end the process. Resolves when it may. */
  signal(name: NodeJS.Signals): Promise<void>;
  /** The process ends now: only synchronous work is possible. */
  exit(): void;
}

const SIGNALS = ['SIGTERM', 'SIGINT', 'SIGHUP'] as const;

interface Ending {
  listeners: Set<ProcessEndListener>;
  uninstall(): void;
}

// Shared by all copies of this package in a process: each would take the other's handlers for the app's, and no signal would end it.
const KEY = Symbol.for('@llm-monitor/client:process-end');
const ending = ((globalThis as unknown as Record<symbol, Ending | undefined>)[KEY] ??= {
  listeners: new Set(),
  uninstall: () => undefined,
});

/** Tells `listener` about the end of the process, until the returned function is called. Ending stays as it was. */
export function onProcessEnd(listener: ProcessEndListener): () => void {
  if (ending.listeners.size === 0) ending.uninstall = install();
  ending.listeners.add(listener);
  return () => {
    ending.listeners.delete(listener);
    if (ending.listeners.size === 0) ending.uninstall();
  };
}

/** @returns what takes it all back */
function install(): () => void {
  process.on('beforeExit', beforeExit);
  process.on('exit', exit);
  // In front: a handler that the app has set up for once is no longer there when those behind it are called.
  for (const signal of SIGNALS) process.prependListener(signal, onSignal);
  return () => {
    process.off('beforeExit', beforeExit);
    process.off('exit', exit);
    for (const signal of SIGNALS) process.off(signal, onSignal);
  };
}

function beforeExit(): void {
  for (const listener of ending.listeners) void listener.idle().catch(() => undefined);
}

function exit(): void {
  for (const listener of ending.listeners) {
    try {
      listener.exit();
    } catch {
      // The exit code belongs to the app.
    }
  }
}

/** Ends the process as the signal would have without us, unless the app handles the signal itself. */
function onSignal(signal: NodeJS.Signals): void {
  if (isHandled(signal)) return;
  const told = [...ending.listeners].map((listener) => listener.signal(signal));
  void Promise.allSettled(told).then(() => {
    if (isHandled(signal)) return;
    ending.uninstall();
    process.kill(process.pid, signal);
  });
}

/** Does anybody but us decide what the signal does? */
function isHandled(signal: NodeJS.Signals): boolean {
  return process.listenerCount(signal) - 1 - onlookers() > 0;
}

/** The package `signal-exit`, of which many programs have a copy, ends the process only where its handlers are alone: ours must be gone. */
function onlookers(): number {
  const newer = (globalThis as unknown as Record<symbol, { count?: unknown } | undefined>)[
    Symbol.for('signal-exit emitter')
  ];
  const older = (process as { __signal_exit_emitter__?: { count?: unknown } })[
    '__signal_exit_emitter__'
  ];
  return [newer, older].reduce((sum, one) => sum + (Number(one?.count) || 0), 0);
}
