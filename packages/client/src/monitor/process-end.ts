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
const listeners = new Set<ProcessEndListener>();

/** Tells `listener` about the end of the process, until the returned function is called. Ending stays as it was. */
export function onProcessEnd(listener: ProcessEndListener): () => void {
  if (listeners.size === 0) install();
  listeners.add(listener);
  return () => {
    listeners.delete(listener);
    if (listeners.size === 0) uninstall();
  };
}

function install(): void {
  process.on('beforeExit', beforeExit);
  process.on('exit', exit);
  for (const signal of SIGNALS) process.on(signal, onSignal);
}

function uninstall(): void {
  process.off('beforeExit', beforeExit);
  process.off('exit', exit);
  for (const signal of SIGNALS) process.off(signal, onSignal);
}

function beforeExit(): void {
  for (const listener of listeners) void listener.idle().catch(() => undefined);
}

function exit(): void {
  for (const listener of listeners) {
    try {
      listener.exit();
    } catch {
      // The exit code belongs to the app.
    }
  }
}

/** Ends the process as the signal would have without us, unless the app handles the signal itself. */
function onSignal(signal: NodeJS.Signals): void {
  if (process.listenerCount(signal) > 1) return;
  const told = [...listeners].map((listener) => listener.signal(signal));
  void Promise.allSettled(told).then(() => {
    if (process.listenerCount(signal) > 1) return;
    uninstall();
    process.kill(process.pid, signal);
  });
}
