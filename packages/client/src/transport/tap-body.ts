import type { OpenCall } from './open-call.ts';

/**
 * A stream that passes `response`'s body on, chunk by chunk and only when asked, so that back-pressure reaches the server as without it.
 * It holds the response, because the runtime cancels the body of one that is collected.
 */
export function tapBody(
  response: Response,
  body: ReadableStream<Uint8Array>,
  call: Pick<OpenCall, 'chunk' | 'bodyEnded' | 'threw' | 'left'>,
  onRead: () => void,
): ReadableStream<Uint8Array> {
  let reader: ReadableStreamDefaultReader<Uint8Array> | undefined;
  const source = {
    response,
    async pull(controller: ReadableStreamDefaultController<Uint8Array>) {
      try {
        // Not before the app reads: until then the body belongs to nobody, as the runtime expects.
        if (!reader) {
          reader = body.getReader();
          onRead();
        }
        const { done, value } = await reader.read();
        if (done) {
          call.bodyEnded();
          controller.close();
        } else {
          call.chunk(value);
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
