import type { BodyWatch } from './body-watch.ts';

/** Gives what it is given: so a class that extends it puts its fields on any object. */
const Given = function (object: object) {
  return object;
} as unknown as new (object: object) => object;

/**
 * What a body and the app's readers have of their watch. In private fields: nobody who lists, prints, copies or freezes them sees any, or
 * hinders us.
 */
export class WatchMark extends Given {
  #watch: BodyWatch;
  #real: object | undefined;

  private constructor(object: object, watch: BodyWatch, real: object | undefined) {
    super(object);
    this.#watch = watch;
    this.#real = real;
  }

  static set(object: object, watch: BodyWatch, real?: object): void {
    new WatchMark(object, watch, real);
  }

  /** Undefined of anything that is not watched; an app may call a method of ours with whatever it likes. */
  static of(object: unknown): BodyWatch | undefined {
    return isObject(object) && #watch in object ? object.#watch : undefined;
  }

  /** The watch of a reader that is not released; by one look, since it is asked for each chunk. */
  static ofReader(reader: unknown): BodyWatch | undefined {
    if (!isObject(reader) || !(#watch in reader)) return undefined;
    return reader.#real && reader.#watch;
  }

  /** The runtime's reader behind one of the app's, until it is released. */
  static realOf<T extends object>(reader: T): T | undefined {
    return isObject(reader) && #real in reader ? (reader.#real as T | undefined) : undefined;
  }

  static release(reader: object): void {
    if (#real in reader) reader.#real = undefined;
  }
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
