import { createMonitor, type Monitor } from './create-monitor.ts';

let monitor: Monitor | undefined;

/** The monitor that is configured by the environment alone. Made when it is first needed, so that an app can set its environment up first. */
export function defaultMonitor(): Monitor {
  return (monitor ??= createMonitor());
}
