// Answers that break, are aborted or left.
import { finished as whenFinished, Readable } from 'node:stream';
import { finished, pipeline } from 'node:stream/promises';
import { setImmediate as nextTurn } from 'node:timers/promises';

import { ask, more } from './answers.mjs';
import { decoder, textOf, told, failure, thrown, stateOf, upper, turns } from './sees.mjs';

export const BREAKS = {
  'cancel in all states': async () => {
    const all = [];
    for (const read of [0, 1, 9]) {
      for (const by of ['body', 'reader', 'loop']) {
        const response = await ask('lines');
        const reader = response.body.getReader();
        for (let i = 0; i < read; i++) await reader.read();
        if (by === 'reader')
          all.push(await failure(reader.cancel('why')), await failure(reader.closed));
        reader.releaseLock();
        if (by === 'body') all.push(await failure(response.body.cancel('why')));
        if (by === 'loop') all.push(await failure(response.body.values().return('why')));
        all.push([
          read,
          by,
          stateOf(response),
          await failure(response.text()),
          await failure(response.body.cancel('again')),
        ]);
      }
    }
    return all;
  },
  'cancel of what broke': async () => {
    const response = await ask('broken');
    const reader = response.body.getReader();
    await reader.read();
    more();
    const why = [
      await failure(reader.read()),
      await failure(reader.closed),
      await failure(reader.cancel()),
    ];
    reader.releaseLock();
    return [
      why,
      stateOf(response),
      await failure(response.body.cancel()),
      await failure(textOf(response.body)),
      await failure(response.text()),
      await failure(response.body.pipeTo(new WritableStream())),
      thrown(() => response.clone()),
    ];
  },
  'what breaks': async () => {
    const all = [];
    for (const [name, read] of Object.entries({
      text: (response) => response.text(),
      json: (response) => response.json(),
      blob: (response) => response.blob(),
      loop: (response) => textOf(response.body),
      pipe: (response) => response.body.pipeTo(new WritableStream()),
      through: (response) => textOf(response.body.pipeThrough(upper())),
      tee: (response) => Promise.all(response.body.tee().map((one) => failure(textOf(one)))),
      clone: (response) =>
        Promise.all([response.clone(), response].map((one) => failure(one.text()))),
      node: (response) => textOf(Readable.fromWeb(response.body)),
      pipeline: (response) =>
        pipeline(response.body, async (chunks) => void (await textOf(chunks))),
      again: (response) => new Response(response.body).text(),
      from: (response) => textOf(ReadableStream.from(response.body)),
    })) {
      const response = await ask('broken');
      const result = failure(Promise.resolve().then(() => read(response)));
      await turns(3);
      more();
      all.push([name, await result, stateOf(response)]);
    }
    return all;
  },
  'unhandled: nobody waits for what breaks': async () => {
    const response = await ask('broken');
    const reader = response.body.getReader();
    await reader.read();
    void reader.closed;
    void reader.read();
    more();
    await turns(50);
    return stateOf(response);
  },
  'unhandled: released reads': async () => {
    const { body } = await ask('slow');
    const reader = body.getReader();
    await reader.read();
    void reader.read();
    reader.releaseLock();
    void reader.closed;
    await nextTurn();
    void body.values().next();
    void body.cancel();
    void body.getReader().cancel();
    await nextTurn();
    more();
    return body.locked;
  },
  'unhandled: a broken tee, clone, pipe': async () => {
    const [one, two, three, four] = await Promise.all(
      ['broken', 'broken', 'broken', 'broken'].map((kind) => ask(kind)),
    );
    void one.body.tee();
    void two.clone();
    const through = three.body.pipeThrough(upper());
    const reader = through.getReader();
    await reader.read();
    void four.body.values().next();
    await turns(3);
    more();
    await turns(50);
    return [one, two, three, four].map(stateOf);
  },
  'pipes that are aborted': async () => {
    const all = [];
    for (const preventCancel of [false, true]) {
      for (const reason of [undefined, new Error('why'), 'words']) {
        const response = await ask('slow');
        const aborter = new AbortController();
        let text = '';
        const sink = new WritableStream({
          write: (chunk) => void (text += decoder.decode(chunk)),
          abort: (why) => void (text += String(why)),
        });
        const piped = failure(
          response.body.pipeTo(sink, { signal: aborter.signal, preventCancel }),
        );
        while (!text) await nextTurn();
        aborter.abort(reason);
        const end = await piped;
        const state = stateOf(response);
        const rest = failure(textOf(response.body));
        const ticks = setInterval(more, 1);
        all.push([preventCancel, end, text, state, await rest.finally(() => clearInterval(ticks))]);
      }
    }
    return all;
  },
  'a stream of Node, destroyed': async () => {
    const response = await ask('slow');
    const stream = Readable.fromWeb(response.body);
    await new Promise((resolve) => stream.once('data', resolve));
    stream.destroy(new Error('why'));
    const why = await failure(finished(stream));
    more();
    return [why, stateOf(response)];
  },
  finished: async () => {
    const response = await ask('lines');
    const end = failure(finished(response.body));
    const called = new Promise((resolve) =>
      whenFinished(response.body, (error) => resolve(String(error))),
    );
    await response.text();
    const broken = await ask('broken');
    const other = failure(finished(broken.body));
    void failure(broken.text());
    await turns(3);
    more();
    return [await end, await called, await other];
  },
  'aborted before': async () => [
    await failure(ask('lines', { signal: AbortSignal.abort() })),
    await failure(ask('lines', { signal: AbortSignal.abort(new Error('why')) })),
    await failure(ask('lines', { signal: AbortSignal.abort('words') })),
  ],
  'aborted in the middle': async () => {
    const all = [];
    const reasons = [undefined, new Error('why'), 'words'];
    for (const how of ['reader', 'loop', 'text', 'pipe', 'tee', 'clone', 'unread']) {
      for (const reason of reasons) {
        const aborter = new AbortController();
        const response = await ask('slow', { signal: aborter.signal });
        const { body } = response;
        const readers = {
          reader: async () => {
            const reader = body.getReader();
            const results = [];
            try {
              for (let result; (result = await reader.read()), !result.done;);
            } catch (error) {
              results.push(told(error), error === aborter.signal.reason);
            }
            return [
              results,
              await failure(reader.closed),
              await failure(reader.read()),
              await failure(reader.cancel()),
            ];
          },
          loop: () => textOf(body),
          text: () => response.text(),
          pipe: () => body.pipeTo(new WritableStream()),
          tee: () => Promise.all(body.tee().map((one) => failure(textOf(one)))),
          clone: () => Promise.all([response.clone(), response].map((one) => failure(one.text()))),
          unread: async () => 'nothing',
        };
        const result = failure(readers[how]());
        await turns(3);
        aborter.abort(reason);
        all.push([how, await result, stateOf(response), await failure(response.text())]);
        more();
      }
    }
    return all;
  },
  'aborted after': async () => {
    const aborter = new AbortController();
    const response = await ask('lines', { signal: aborter.signal });
    const text = await response.text();
    aborter.abort();
    const other = await ask('whole', { signal: AbortSignal.timeout(60_000) });
    return [text, stateOf(response), await failure(response.body.cancel()), await other.text()];
  },
};
