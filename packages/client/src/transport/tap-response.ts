import type { ResponseHead } from '../wire/wire-format.ts';
import { canWatchResponses } from './can-watch-responses.ts';
import { watchForDrop } from './drop-watch.ts';
import type { OpenCall } from './open-call.ts';
import { tapBody } from './tap-body.ts';
import { watchResponse } from './watched-stream.ts';

/**
 * A response that is the same to the app and whose body is seen while it is read. One of the runtime's own fetch stays the very same.
 * A stream that `followsStreams` promises to tell of by its messages is left alone.
 */
export function tapResponse(
  response: Response,
  call: OpenCall,
  options: { followsStreams: boolean; isCustom: boolean; head: ResponseHead },
): Response {
  const { body } = response;
  if (!body) {
    call.bodyEnded();
    return response;
  }
  if (options.followsStreams && isStreamOfLines(options.head)) return response;
  if (!options.isCustom && canWatch(response, body)) {
    watchResponse(response, body, call);
    return response;
  }
  const stream = tapBody(response, body, call);
  watchForDrop(stream, call);
  return response instanceof Response
    ? sameResponse(response, stream)
    : shadowed(response, stream, call);
}

function isStreamOfLines({ ok, contentType }: ResponseHead): boolean {
  return ok && contentType.includes('ndjson');
}

/** The `fetch` of the package `undici`, in the place of the runtime's, has responses of its own class with bodies of the runtime's. */
function canWatch(response: Response, body: object): boolean {
  if (Object.getPrototypeOf(body) !== ReadableStream.prototype) return false;
  const { constructor } = response as { constructor: unknown };
  return canWatchResponses(
    response instanceof Response ? Response : (constructor as typeof Response),
  );
}

function sameResponse(response: Response, stream: ReadableStream<Uint8Array>): Response {
  const { status, statusText, headers, url, redirected, type } = response;
  const same = new Response(stream, { status, statusText, headers });
  for (const [name, value] of Object.entries({ url, redirected, type })) {
    Object.defineProperty(same, name, { value, configurable: true, enumerable: true });
  }
  return same;
}

/** Such a response may give what is no JSON: then nothing is known of it, which is no fault of the app's. */
function jsonOf(value: unknown): string {
  try {
    return JSON.stringify(value) ?? '{}';
  } catch {
    return '{}';
  }
}

/** A response of another class than the runtime's keeps its class: its body is looked at through own properties. */
function shadowed(
  response: Response,
  stream: ReadableStream<Uint8Array>,
  call: OpenCall,
): Response {
  const define = (name: string, value: unknown) =>
    Object.defineProperty(response, name, { value, configurable: true, writable: true });
  const watch = (name: 'json' | 'text', asText: (value: unknown) => string) => {
    const original = response[name].bind(response) as () => Promise<unknown>;
    define(name, async () => {
      try {
        call.opened();
        const value = await original();
        call.chunk(Buffer.from(asText(value)));
        call.bodyEnded();
        return value;
      } catch (error) {
        call.threw(error);
        throw error;
      }
    });
  };
  watch('json', jsonOf);
  watch('text', (value) => String(value));
  if (typeof (response.body as { getReader?: unknown }).getReader === 'function') {
    define('body', stream);
  }
  return response;
}
