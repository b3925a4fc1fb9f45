// The least wrapper of `ollama` that could keep what the drop-in promises on the path of a call, and nothing else: no description, no ids,
// no times, no text, nothing that would be sent again. So what it adds is what no bookkeeping, however lean, can go below.
import { Ollama } from 'ollama';

/** Which promises are kept; each takes those before it along. */
export const LEAST = {
  /** A call can be aborted from outside while the server has not answered, and the app's own signal still does. */
  'least-abort': { hooks: false, publishes: false },
  /** Messages, the consumer's leaving, what it throws in and its abort are seen. */
  'least-hooks': { hooks: true, publishes: false },
  /** Three events, written long before, are handed to the bus and acknowledged. */
  'least-events': { hooks: true, publishes: true },
};

/** @param natsUrl where events go, when any do */
export async function leastClient(options, { hooks, publishes }, natsUrl) {
  const publish = publishes ? await openBus(natsUrl) : () => undefined;
  return new (class extends Ollama {
    constructor() {
      super({ ...options, fetch: abortable(fetch) });
    }

    async processStreamableRequest(endpoint, request) {
      const result = await super.processStreamableRequest(endpoint, request);
      if (hooks) hook(result, publish);
      return result;
    }
  })();
}

/** The running calls, by which each of them could be aborted. */
const running = new Set();

function abortable(inner) {
  return (input, init) => {
    const own = new AbortController();
    const { signal } = init;
    signal.addEventListener('abort', () => own.abort(signal.reason), { once: true });
    running.add(own);
    const ended = () => running.delete(own);
    const answer = inner(input, { ...init, signal: own.signal });
    answer.then(ended, ended);
    return answer;
  };
}

const define = (target, name, value) =>
  Object.defineProperty(target, name, { value, configurable: true, writable: true });

/** As the drop-in does: properties of the objects that the SDK gives, and the app waits behind us. */
function hook(iterator, publish) {
  const call = { messages: 0, left: false, aborted: false, failed: undefined };
  const got = (result) => {
    if (!result.done) {
      call.messages += 1;
      if (result.value.done) publish();
    }
    return result;
  };
  const failed = (error) => {
    call.failed = error;
    throw error;
  };
  const { abort } = iterator;
  const open = iterator[Symbol.asyncIterator];
  define(iterator, 'abort', function () {
    call.aborted = true;
    return abort.call(this);
  });
  define(iterator, Symbol.asyncIterator, function () {
    const generator = open.call(this);
    const { next, return: leave, throw: fail } = generator;
    define(generator, 'next', (value) => next.call(generator, value).then(got, failed));
    define(generator, 'return', (value) => {
      call.left = true;
      return leave.call(generator, value);
    });
    define(generator, 'throw', (value) => {
      call.left = true;
      return fail.call(generator, value);
    });
    return generator;
  });
}

/** Of the size and with the heads of those that the drop-in sends. */
const EVENT_BYTES = [700, 520, 1000];
/** As the drop-in hands over what calls brought. */
const EVERY_MS = 10;

async function openBus(natsUrl) {
  const { connect, createInbox } = await import('@nats-io/transport-node');
  const nats = await connect({ servers: natsUrl });
  const inbox = createInbox();
  nats.subscribe(`${inbox}.*`, {
    callback(error, { data }) {
      if (error || data[2] !== 's'.charCodeAt(0)) throw new Error('an event was not stored');
    },
  });
  const payloads = EVENT_BYTES.map((bytes) => Buffer.alloc(bytes, 'x'));
  // Not by the name of an id, since the bus would keep one of them alone.
  const id = '00000000-0000-0000-0000-000000000000:first-token';
  const head = Buffer.from(
    `NATS/1.0\r\nEvent-Name: ${id}\r\nLlm-Sent-At: 2026-01-01T00:00:00.000Z\r\n\r\n`,
  );
  const sent = { headers: { encode: () => head }, reply: `${inbox}.1` };
  let calls = 0;
  let timer;
  const send = () => {
    for (; calls > 0; calls -= 1) {
      for (const payload of payloads)
        nats.publish('llm.request.completed.bench.least', payload, sent);
    }
    timer = undefined;
  };
  return () => {
    calls += 1;
    timer ??= setTimeout(send, EVERY_MS);
  };
}
