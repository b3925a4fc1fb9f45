// Looks at bodies and readers, and uses them oddly.
import assert from 'node:assert';
import { inspect } from 'node:util';

import { ask } from './answers.mjs';
import { decoder, textOf, failure, thrown, stateOf, shapeOf } from './sees.mjs';

export const LOOKS = {
  shape: async () => {
    const response = await ask('whole');
    const { body } = response;
    const iterator = body.values({ preventCancel: true });
    const loop = [shapeOf(iterator), inspect(Object.getPrototypeOf(iterator))];
    await iterator.return();
    return {
      same: [
        response.body === body,
        body instanceof ReadableStream,
        body.constructor === ReadableStream,
      ],
      response: inspect(response).replaceAll(/\d+/g, 'N'),
      body: shapeOf(body),
      loop,
      reader: ((reader) => [
        shapeOf(reader),
        reader instanceof ReadableStreamDefaultReader,
        reader.releaseLock(),
      ])(body.getReader()),
      byob: ((reader) => [
        shapeOf(reader),
        reader instanceof ReadableStreamBYOBReader,
        reader.releaseLock(),
      ])(body.getReader({ mode: 'byob' })),
      rest: await response.text(),
    };
  },
  'shape with fields': async () => {
    const { body } = await ask('whole');
    const plain = { customInspect: false, depth: 0, showHidden: true };
    const shown = [inspect(body, plain), inspect(body.getReader(), plain)];
    return shown;
  },
  equality: async () => {
    const [one, two] = [(await ask('whole')).body, new ReadableStream({ type: 'bytes' })];
    assert.deepStrictEqual(one, one);
    return [
      thrown(() =>
        assert.deepStrictEqual(Object.getPrototypeOf(two) === ReadableStream.prototype, true),
      ),
      Object.isExtensible(one),
      Object.isFrozen(one),
    ];
  },
  patched: async () => {
    const real = ReadableStream.prototype.getReader;
    let calls = 0;
    ReadableStream.prototype.getReader = function (...args) {
      calls++;
      return real.apply(this, args);
    };
    const text = await (await ask('lines')).text();
    const { body } = await ask('lines');
    const reader = body.getReader();
    await reader.read();
    ReadableStream.prototype.getReader = real;
    return [calls, text];
  },
  'a spy of its own': async () => {
    const { body } = await ask('lines');
    const real = body.getReader;
    let calls = 0;
    body.getReader = function (...args) {
      calls++;
      return real.apply(this, args);
    };
    return [await textOf(body), calls, Object.keys(body)];
  },
  frozen: async () => {
    const response = await ask('lines');
    Object.freeze(response.body);
    Object.freeze(response);
    const reader = Object.freeze(response.body.getReader());
    await reader.read();
    reader.releaseLock();
    return [stateOf(response), (await textOf(Object.freeze(response.body.values()))).length > 0];
  },
  "another's methods": async () => {
    const { body } = await ask('lines');
    const reader = ReadableStream.prototype.getReader.call(body);
    const first = await ReadableStreamDefaultReader.prototype.read.call(reader);
    const wrong = await failure(Promise.resolve().then(() => body.getReader.call({})));
    ReadableStreamDefaultReader.prototype.releaseLock.call(reader);
    const second = body.getReader();
    const next = await ReadableStreamDefaultReader.prototype.read.call(second);
    const odd = [];
    for (const other of [{}, undefined, 5, body]) {
      odd.push(await failure(Promise.resolve().then(() => second.read.call(other))));
      odd.push(
        thrown(() => second.releaseLock.call(other)),
        thrown(() => body.values.call(other)),
      );
      if (other !== body)
        odd.push(
          thrown(() => body.tee.call(other)),
          await failure(body.cancel.call(other)),
        );
    }
    second.releaseLock();
    const states = [body.locked, thrown(() => second.releaseLock()), await failure(second.read())];
    return [
      wrong,
      odd,
      states,
      decoder.decode(first.value) +
        (next.value ? decoder.decode(next.value) : '') +
        (await textOf(body)),
    ];
  },
};
