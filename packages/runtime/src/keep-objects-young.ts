import { setFlagsFromString } from 'node:v8';

/**
 * Has V8 make all objects among the young ones. It guesses from the first hundreds of a kind whether later ones will live long, and makes those
 * among the old ones for good: where that was guessed of Node's ticks while a service started, each dead tick kept alive what it led to until the
 * next full collection, and an answer took 34 µs instead of 18. One process in six was such a one.
 */
export function keepObjectsYoung(): void {
  setFlagsFromString('--no-allocation-site-pretenuring');
}
