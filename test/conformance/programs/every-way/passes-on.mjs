// Hands answers on, to other streams and responses.
import { compose, Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { MessageChannel } from 'node:worker_threads';

import { ask, more, port } from './answers.mjs';
import { decoder, textOf, failure, thrown, stateOf, upper, shapeOf } from './sees.mjs';

export const PASSES_ON = {
  tee: async () => {
    const response = await ask('lines');
    const { body } = response;
    const branches = body.tee();
    const state = stateOf(response);
    await nextTurn();
    return [
      state,
      stateOf(response),
      branches.map((one) => shapeOf(one)),
      branches.map((one) => one instanceof ReadableStream),
      await Promise.all(branches.map(textOf)),
      stateOf(response),
      await failure(response.text()),
    ];
  },
  'tee, and one branch left': async () => {
    const [one, two] = (await ask('lines')).body.tee();
    const left = one.cancel('one');
    const text = await textOf(two);
    const [three, four] = (await ask('slow')).body.tee();
    const both = Promise.all([three.cancel('a'), four.cancel('b')]);
    more();
    return [await left, text, await both];
  },
  clone: async () => {
    const response = await ask('lines');
    const before = response.body;
    const clone = response.clone();
    const state = [
      stateOf(response),
      stateOf(clone),
      before === response.body,
      before.locked,
      shapeOf(response.body),
      shapeOf(clone.body),
      thrown(() => before.getReader()),
    ];
    const text = [await clone.text(), await response.text()];
    return [
      state,
      text,
      stateOf(response),
      stateOf(clone),
      clone.url === response.url,
      clone.type,
      before.locked,
      await failure(before.cancel()),
    ];
  },
  'clone of a clone, read in part': async () => {
    const response = await ask('slow');
    const one = response.clone();
    const two = one.clone();
    const reader = one.body.getReader();
    const first = decoder.decode((await reader.read()).value);
    const left = [reader.cancel('enough'), response.body.cancel('enough'), two.body.cancel()];
    more();
    return [first, await Promise.all(left), [response, one, two].map(stateOf)];
  },
  'clone after a part': async () => {
    const response = await ask('lines');
    const reader = response.body.getReader();
    await reader.read();
    const locked = thrown(() => response.clone());
    reader.releaseLock();
    return [locked, thrown(() => response.clone()), (await textOf(response.body)).length > 0];
  },
  pipes: async () => {
    const all = [];
    for (const options of [
      {},
      { preventCancel: true },
      { preventAbort: true },
      { preventClose: true },
    ]) {
      const response = await ask('lines');
      let text = '';
      const sink = new WritableStream({
        write(chunk, controller) {
          text += decoder.decode(chunk);
          if (text.includes('two')) controller.error(new Error('full'));
        },
        close: () => void (text += '.'),
      });
      all.push([
        options,
        await failure(response.body.pipeTo(sink, options)),
        stateOf(response),
        sink.locked,
        await failure(
          textOf(response.body).then((rest) => (options.preventCancel ? 'rest' : rest)),
        ),
      ]);
    }
    return all;
  },
  'wrong pipes': async () => {
    const { body } = await ask('lines');
    return [
      await failure(body.pipeTo({})),
      await failure(body.pipeTo()),
      thrown(() => body.pipeThrough({})),
      thrown(() => body.pipeThrough()),
      await failure(body.pipeTo(new WritableStream(), { signal: {} })),
      await failure(body.pipeTo(new WritableStream(), 5)),
      body.locked,
      await textOf(body),
    ];
  },
  through: async () => {
    const response = await ask('lines');
    const stream = response.body.pipeThrough(upper(), { preventClose: false });
    return [
      stateOf(response),
      await textOf(stream),
      stateOf(response),
      await textOf((await ask('gzip')).body.pipeThrough(new TextDecoderStream())),
    ];
  },
  'through, and left': async () => {
    const response = await ask('slow');
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
    const first = await reader.read();
    await reader.cancel('enough');
    more();
    await nextTurn();
    return [first, stateOf(response), await failure(response.body.cancel())];
  },
  'another response': async () => {
    const first = await ask('lines');
    const second = new Response(first.body, { status: 201, headers: first.headers });
    const state = [
      first.body === second.body,
      stateOf(first),
      stateOf(second),
      second.headers.get('content-type'),
    ];
    return [
      state,
      await second.text(),
      stateOf(first),
      stateOf(second),
      await failure(first.text()),
      thrown(() => new Response(first.body)),
    ];
  },
  'another request': async () => {
    const { body } = await ask('lines');
    const response = await fetch(`http://127.0.0.1:${port}/elsewhere?echo`, {
      method: 'POST',
      body,
      duplex: 'half',
    });
    return [await response.text(), body.locked];
  },
  'a request of a model with it': async () => {
    const { body } = await ask('lines');
    const response = await ask('echo', { body, duplex: 'half' });
    return [await response.text(), body.locked];
  },
  'ReadableStream.from': async () => [
    await textOf(ReadableStream.from((await ask('lines')).body)),
    await textOf(ReadableStream.from((await ask('lines')).body.values())),
  ],
  'transfer to a port': async () => {
    const { body } = await ask('lines');
    const { port1, port2 } = new MessageChannel();
    const got = new Promise((resolve) => port2.once('message', resolve));
    port1.postMessage(body, [body]);
    const locked = body.locked;
    const text = await textOf(await got);
    port1.close();
    return [locked, text, thrown(() => structuredClone(body)), body.locked];
  },
  'transfer by a clone': async () => {
    const { body } = await ask('lines');
    const other = structuredClone(body, { transfer: [body] });
    return [
      other instanceof ReadableStream,
      await textOf(other),
      thrown(() => structuredClone(body, { transfer: [body] })),
    ];
  },
  'transfer after a reader': async () => {
    const { body } = await ask('lines');
    body.getReader().releaseLock();
    return textOf(structuredClone(body, { transfer: [body] }));
  },
  'a stream of Node': async () => {
    const response = await ask('lines');
    const stream = Readable.fromWeb(response.body, { encoding: 'utf8' });
    const state = stateOf(response);
    return [state, await textOf(stream), stateOf(response)];
  },
  pipeline: async () => {
    const response = await ask('lines');
    let text = '';
    await pipeline(response.body, async (chunks) => void (text += await textOf(chunks)));
    const other = await ask('lines');
    const sink = new WritableStream({ write: (chunk) => void (text += decoder.decode(chunk)) });
    return [
      await failure(pipeline(other.body, upper(), new WritableStream())),
      await failure(pipeline((await ask('lines')).body, sink)),
      text,
      stateOf(response),
      stateOf(other),
    ];
  },
  compose: async () =>
    failure(
      Promise.resolve().then(async () =>
        textOf(
          compose((await ask('lines')).body, async function* (chunks) {
            for await (const chunk of chunks) yield decoder.decode(chunk).toUpperCase();
          }),
        ),
      ),
    ),
};
