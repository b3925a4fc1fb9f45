// What a program can see of what it is given.
import { isDisturbed, isErrored } from 'node:stream';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { inspect } from 'node:util';

export const decoder = new TextDecoder();
export const textOf = async (chunks) => {
  let text = '';
  for await (const chunk of chunks)
    text += typeof chunk === 'string' ? chunk : decoder.decode(chunk);
  return text;
};
export const told = (error) => {
  if (!(error instanceof Error || error instanceof DOMException)) return ['thrown', error];
  const { name, message, code, cause, stack } = error;
  return {
    ...{ name, message, code, class: error.constructor.name, first: String(stack).split('\n')[0] },
    ...(cause && { cause: told(cause) }),
  };
};
export const failure = (work) => work.then((value) => ['fulfilled', value], told);
export const thrown = (work) => {
  try {
    return ['gave', typeof work()];
  } catch (error) {
    return told(error);
  }
};
export const stateOf = (response) => [
  response.bodyUsed,
  response.body?.locked,
  isDisturbed(response.body),
  isErrored(response.body),
];
export const upper = () =>
  new TransformStream({
    transform: (chunk, controller) => controller.enqueue(decoder.decode(chunk).toUpperCase()),
  });
export const shapeOf = (thing) => ({
  tag: Object.prototype.toString.call(thing),
  text: String(thing),
  shown: inspect(thing),
  deep: inspect(thing, { depth: 0 }),
  keys: Object.keys(thing),
  names: Object.getOwnPropertyNames(thing),
  symbols: Object.getOwnPropertySymbols(thing).map(String),
  json: JSON.stringify(thing),
  class: thing.constructor.name,
  spread: Reflect.ownKeys({ ...thing }).map(String),
  methods: [
    'getReader',
    'cancel',
    'tee',
    'pipeTo',
    'pipeThrough',
    'values',
    'read',
    'releaseLock',
    'next',
    'return',
    Symbol.asyncIterator,
  ].map((name) => [String(name), typeof thing[name], thing[name]?.name, thing[name]?.length]),
  inAll: (() => {
    const all = [];
    for (const name in thing) all.push(name);
    return all;
  })(),
  own: Object.hasOwn(thing, 'locked'),
});

export async function turns(count) {
  for (let i = 0; i < count; i++) await nextTurn();
}
