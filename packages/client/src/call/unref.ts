/** Lets the process end while a timer waits. In a simulated browser, as tests of an app may run in, a timer is a number and holds nothing. */
export function unref<T extends NodeJS.Timeout>(timer: T): T {
  (timer as Partial<NodeJS.Timeout>).unref?.();
  return timer;
}
