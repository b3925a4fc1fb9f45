import type { OpenCall } from './open-call.ts';
import { WatchMark } from './watch-mark.ts';
import { watchResponse } from './watched-stream.ts';

/** What makes a response of a text: the runtime's class, or that of a `fetch` which an app has put in the place of the runtime's. */
type ResponseClass = new (body: string) => Response;

/** The streams that were tried; a program may put others in the place of the runtime's. */
let triedStreams: object | undefined;
/** The classes that were tried with them, and whether the bodies of their responses can be watched. */
const tried = new WeakMap<ResponseClass, boolean>();

/**
 * Does this runtime keep what a reader is in its fields, and do responses of this class read a body by the methods of that body where the app
 * asks for all of it? Tried once for each class. Else another stream has to stand in front of each body.
 */
export function canWatchResponses(of: ResponseClass = Response): boolean {
  const streams = ReadableStream.prototype;
  triedStreams ??= streams;
  if (triedStreams !== streams || typeof of !== 'function') return false;
  const known = tried.get(of);
  if (known !== undefined) return known;
  const isPossible = tryIt(of);
  tried.set(of, isPossible);
  return isPossible;
}

function tryIt(of: ResponseClass): boolean {
  try {
    let isSeen = false;
    const one = watchedResponse(of, { ...NOBODY, opened: () => (isSeen = true) });
    Promise.resolve(one.text()).catch(nothing);
    const reader = watchedResponse(of, NOBODY).body?.getReader();
    const real = reader && WatchMark.realOf(reader);
    return isSeen && real !== undefined && reader?.closed === real.closed;
  } catch {
    return false;
  }
}

function watchedResponse(of: ResponseClass, call: OpenCall): Response {
  const response = new of('.');
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
  bodyUnread: nothing,
  threw: nothing,
  aborted: nothing,
  signalAborted: nothing,
  closed: nothing,
  left: nothing,
  abortable: nothing,
  onAged: nothing,
};
