// Reads answers.
import { Readable } from 'node:stream';
import * as consumers from 'node:stream/consumers';
import { setImmediate as nextTurn } from 'node:timers/promises';

import { ask, more, WHOLE } from './answers.mjs';
import { decoder, textOf, failure, thrown, stateOf, upper } from './sees.mjs';

export const READS = {
  consumers: async () => {
    const all = [];
    for (const how of ['text', 'json', 'arrayBuffer', 'blob', 'bytes', 'formData']) {
      for (const kind of [
        'lines',
        'refused',
        'gzip',
        'br',
        'empty',
        'none',
        'form',
        'noGzip',
        'moved',
        'seen',
      ]) {
        const response = await ask(kind);
        const read = failure(Promise.resolve().then(() => response[how]()));
        await Promise.resolve().then(() => {});
        all.push([
          how,
          kind,
          response.status,
          response.redirected,
          stateOf(response),
          await read,
          stateOf(response),
          await failure(Promise.resolve().then(() => response[how]())),
          thrown(() => response.clone()),
        ]);
      }
    }
    return all;
  },
  'node consumers': async () => {
    const all = [];
    for (const how of ['text', 'json', 'buffer', 'arrayBuffer', 'blob']) {
      for (const kind of ['lines', 'refused', 'empty'])
        all.push([how, kind, await failure(consumers[how]((await ask(kind)).body))]);
    }
    return all;
  },
  'a loop': async () => textOf((await ask('lines')).body),
  'a loop that breaks': async () => {
    const response = await ask('slow');
    for await (const chunk of response.body) {
      void chunk;
      break;
    }
    more();
    return [stateOf(response), await failure(textOf(response.body))];
  },
  'a loop that throws': async () => {
    const response = await ask('slow');
    const loop = async () => {
      for await (const chunk of response.body) throw new Error(decoder.decode(chunk));
    };
    return [await failure(loop()), stateOf(response)];
  },
  'an iterator by hand': async () => {
    const { body } = await ask('lines');
    const iterator = body[Symbol.asyncIterator]();
    const results = await Promise.all([
      iterator.next(),
      iterator.next(),
      iterator.return('why'),
      iterator.next(),
      iterator.return('late'),
    ]);
    return [
      results,
      body.locked,
      iterator[Symbol.asyncIterator]() === iterator,
      typeof iterator.throw,
    ];
  },
  'an iterator without this': async () => {
    const iterator = (await ask('lines')).body.values();
    const { next } = iterator;
    return failure(
      (async () => {
        await next();
      })(),
    );
  },
  'a reader': async () => {
    const response = await ask('lines');
    const reader = response.body.getReader();
    let text = '';
    const states = [stateOf(response)];
    for (let result; (result = await reader.read()), !result.done;)
      text += decoder.decode(result.value);
    states.push(stateOf(response));
    const order = [];
    await Promise.all([
      reader.closed.then(() => order.push('closed')),
      reader.read().then(() => order.push('read')),
    ]);
    reader.releaseLock();
    return [
      text,
      states,
      stateOf(response),
      order,
      await failure(reader.closed),
      await failure(reader.read()),
      await failure(reader.cancel()),
      thrown(() => reader.releaseLock()),
    ];
  },
  'a reader of buffers': async () => {
    const response = await ask('lines');
    const reader = response.body.getReader({ mode: 'byob' });
    const all = [];
    for (
      let result;
      (result = await reader.read(new Uint8Array(7))),
        all.push([result.done, result.value?.byteLength >= 0]),
        !result.done;
    );
    return [
      all.at(-1),
      await failure(reader.read(new Uint8Array(0))),
      await failure(reader.read()),
      stateOf(response),
    ];
  },
  'a reader of so many bytes': async () => {
    const reader = (await ask('whole')).body.getReader({ mode: 'byob' });
    const first = await failure(
      reader
        .read(new Uint8Array(20), { min: 10 })
        .then(({ value, done }) => [value.length >= 1, done]),
    );
    return [
      first,
      await failure(reader.read(new Uint8Array(20), { min: 0 })),
      await failure(reader.read(new Uint8Array(20), { min: 21 })),
    ];
  },
  'two readers': async () => {
    const { body } = await ask('lines');
    const reader = body.getReader();
    return [
      thrown(() => body.getReader()),
      thrown(() => body.tee()),
      thrown(() => body.values()),
      thrown(() => body.pipeThrough(upper())),
      await failure(body.pipeTo(new WritableStream())),
      await failure(body.cancel()),
      thrown(() => body.getReader({ mode: 'odd' })),
      thrown(() => new Response(body)),
      await failure(textOf(Readable.from(reader.read().then(({ value }) => [value])))),
    ];
  },
  'a reader by its class': async () => {
    const response = await ask('lines');
    const reader = new ReadableStreamDefaultReader(response.body);
    const first = await reader.read();
    reader.releaseLock();
    return [
      first.done,
      decoder.decode(first.value) + (await textOf(response.body)),
      stateOf(response),
    ];
  },
  'release with a pending read': async () => {
    const response = await ask('slow');
    const reader = response.body.getReader();
    await reader.read();
    const pending = [failure(reader.read()), failure(reader.read())];
    reader.releaseLock();
    const states = [await Promise.all(pending), stateOf(response)];
    const rest = textOf(response.body);
    await nextTurn();
    more();
    await nextTurn();
    const ticks = setInterval(more, 1);
    return [states, await rest.finally(() => clearInterval(ticks)), stateOf(response)];
  },
  'at the same time': async () =>
    (
      await Promise.all(
        Array.from({ length: 20 }, async (_, i) =>
          i % 2 ? (await ask('lines')).text() : textOf((await ask('gzip')).body),
        ),
      )
    ).every((text) => text === WHOLE),
  'what is no answer': async () => [
    await failure(ask('closed')),
    await failure(fetch('http://127.0.0.1:1/api/chat', { method: 'POST', body: '{}' })),
    await failure(
      ask('lines', { method: 'HEAD', body: undefined }).then((response) => [
        response.body,
        response.status,
      ]),
    ),
    await failure(
      ask('unchanged').then(async (response) => [
        response.status,
        response.body,
        await response.text(),
      ]),
    ),
    await failure(
      ask('none').then(async (response) => [response.status, response.body, stateOf(response)]),
    ),
    await failure(
      ask('seen', { redirect: 'manual' }).then((response) => [
        response.status,
        response.type,
        response.body === null,
      ]),
    ),
    await failure(ask('moved', { redirect: 'error' })),
  ],
};
