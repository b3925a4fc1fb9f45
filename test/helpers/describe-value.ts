import { inspect } from 'node:util';

/** Everything that a program can see of a value, as text: classes, order of properties, what is undefined. */
export function describeValue(value: unknown): string {
  const shown = value instanceof Error || isDomException(value) ? describeThrown(value) : value;
  const lines = inspect(shown, DEEP).split('\n');
  return lines.filter(isOfTheProgram).join('\n').replace(CHANGING, '$1: …');
}

/** Of the connection that failed: its own port, and how much went over it, which depends on the headers for an agent. */
const CHANGING = /\b(localPort|bytesWritten): \d+/g;

const DEEP = { depth: 12, maxArrayLength: null, maxStringLength: null, breakLength: 100 } as const;

/** All that a program can tell of what was thrown, and of what caused it. */
export function describeThrown(thrown: unknown): unknown {
  if (!(thrown instanceof Error || isDomException(thrown))) return { thrown };
  const fields = Object.getOwnPropertyNames(thrown)
    .filter((name) => !['stack', 'cause', 'errors'].includes(name))
    .map((name) => [name, (thrown as unknown as Record<string, unknown>)[name]]);
  const { cause, errors } = thrown as { cause?: unknown; errors?: unknown[] };
  return {
    classes: classesOf(thrown),
    ...{ name: thrown.name, message: thrown.message, text: String(thrown) },
    code: (thrown as { code?: unknown }).code,
    own: Object.fromEntries(fields) as unknown,
    stack: framesOf(thrown),
    ...(Object.hasOwn(thrown, 'cause') ? { cause: describeThrown(cause) } : {}),
    ...(errors ? { errors: errors.map(describeThrown) } : {}),
  };
}

function isDomException(value: unknown): value is DOMException {
  return value instanceof DOMException;
}

function classesOf(value: object): string[] {
  const names: string[] = [];
  for (let at: unknown = Object.getPrototypeOf(value); at; at = Object.getPrototypeOf(at)) {
    names.push((at as object).constructor.name);
  }
  return names;
}

const FRAME = /^\s+at /;
const OURS = /\/packages\/client\/|\/test\/helpers\//;
const NOT_OF_THE_PROGRAM =
  /node:internal|processTicksAndRejections|\/vitest\/|\/@vitest\/|<anonymous>$/;

/** The frames of the program and of the packages that it knows: what stands between them is not its business. */
function framesOf({ stack = '' }: Error): string[] {
  const frames = stack.split('\n').filter((one) => FRAME.test(one));
  return frames.filter(isOfTheProgram).map((frame) => frame.trim());
}

function isOfTheProgram(text: string): boolean {
  return !FRAME.test(text) || !(OURS.test(text) || NOT_OF_THE_PROGRAM.test(text));
}
