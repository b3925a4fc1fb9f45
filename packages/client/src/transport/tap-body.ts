import type { OpenCall } from './open-call.ts';

type Body = ReadableStream<Uint8Array>;

/**
 * A stream that passes `response`'s body on, chunk by chunk and only when asked, so that back-pressure reaches the server as without it.
 * It holds the response, because the runtime cancels the body of one that is collected.
 */
export function tapBody(response: Response, body: Body, call: OpenCall): Body {
  let reader: ReadableStreamDefaultReader<Uint8Array> | undefined;
  // Weakly: who watches for the stream to be dropped holds the call, and so what aborts it.
  let controlled: WeakRef<ReadableStreamDefaultController<Uint8Array>> | undefined;
  const source = {
    response,
    start(controller: ReadableStreamDefaultController<Uint8Array>) {
      controlled = new WeakRef(controller);
    },
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
          // A copy: the app may transfer its own, which would empty ours. From Buffer's pool: a memory of its own for each costs more.
          call.chunk(Buffer.from(value));
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
  call.abortable(() => {
    const error = new DOMException('This operation was aborted', 'AbortError');
    controlled?.deref()?.error(error);
    void (reader ?? body).cancel(error).catch(() => undefined);
  });
  return new ReadableStream(source, { highWaterMark: 0 });
}
