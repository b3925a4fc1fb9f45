import type { OpenCall } from './open-call.ts';
import { WatchMark } from './watch-mark.ts';
import { watchResponse } from './watched-stream.ts';

/** The streams that were tried, and whether they can be watched; a program may put others in the place of the runtime's. */
let tried: { streams: object; isPossible: boolean } | undefined;

/**
 * Does this runtime keep what a reader is in its fields, and does it read a body by the methods of that body where the app asks for all of
 * it? Tried once. Else another stream has to stand in front of each body.
 */
export function canWatchResponses(): boolean {
  const streams = ReadableStream.prototype;
  tried ??= { streams, isPossible: tryIt() };
  return tried.isPossible && tried.streams === streams;
}

function tryIt(): boolean {
  try {
    let isSeen = false;
    const one = watchedResponse({ ...NOBODY, opened: () => (isSeen = true) });
    void one.text();
    const reader = watchedResponse(NOBODY).body?.getReader();
    const real = reader && WatchMark.realOf(reader);
    return isSeen && real !== undefined && reader?.closed === real.closed;
  } catch {
    return false;
  }
}

function watchedResponse(call: OpenCall): Response {
  const response = new Response('.');
  if (response.body) watchResponse(response, response.body, call);
  return response;
}

const nothing = () => undefined;
const NOBODY: OpenCall = {
  requestId: '',
  isCancelled: () => false,
  responded: nothing,
  opened: nothing,
  rested: nothing,
  message: nothing,
  chunk: nothing,
  bodyEnded: nothing,
  threw: nothing,
  aborted: nothing,
  signalAborted: nothing,
  closed: nothing,
  left: nothing,
  abortable: nothing,
  onAged: nothing,
};
