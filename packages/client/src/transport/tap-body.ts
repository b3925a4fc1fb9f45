import type { OpenCall } from './open-call.ts';

type Body = ReadableStream<Uint8Array>;

/**
 * A stream that passes `response`'s body on, chunk by chunk and only when asked, so that back-pressure reaches the server as without it.
 * It holds the response, because the runtime cancels the body of one that is collected.
 */
export function tapBody(response: Response, body: Body, call: OpenCall): Body {
  let reader: ReadableStreamDefaultReader<Uint8Array> | undefined;
  const source = {
    response,
    async pull(controller: ReadableStreamDefaultController<Uint8Array>) {
      try {
        // Not before the app reads: until then the body belongs to nobody, as the runtime expects.
        if (!reader) {
          reader = body.getReader();
          call.opened();
        }
        const { done, value } = await reader.read();
        if (done) {
          call.bodyEnded();
          controller.close();
        } else {
          // A copy: the app may transfer its own, which would empty ours.
          call.chunk(value.slice());
          controller.enqueue(value);
        }
      } catch (error) {
        call.threw(error);
        controller.error(error);
      }
    },
    cancel(reason: unknown) {
      call.left('cancelled', 'app');
      return reader ? reader.cancel(reason) : body.cancel(reason);
    },
  };
  return new ReadableStream(source, { highWaterMark: 0 });
}

/**
 * Looks at what the next reader of `body` reads, in place and for a fraction of what another stream costs.
 * For an SDK that is known to read through `getReader`. A call that is followed by its messages costs nothing here.
 */
export function hookReader(body: Body, call: OpenCall): void {
  const getReader = body.getReader.bind(body) as () => ReadableStreamDefaultReader<Uint8Array>;
  Object.defineProperty(body, 'getReader', {
    configurable: true,
    writable: true,
    value() {
      const reader = getReader();
      call.opened();
      if (call.followed) return reader;
      const read = reader.read.bind(reader);
      reader.read = () => {
        const result = read();
        result.then(({ done, value }) => (done ? call.bodyEnded() : call.chunk(value)), call.threw);
        return result;
      };
      return reader;
    },
  });
}
