import type { FastifyInstance } from 'fastify';

import { ProblemError } from '../problem.ts';

/** Nothing that the API takes is deeper than a few. */
const MAX_DEPTH = 16;
const [QUOTE, BACKSLASH, OPEN_LIST, CLOSE_LIST, OPEN_OBJECT, CLOSE_OBJECT] = [
  34, 92, 91, 93, 123, 125,
];

/**
 * Takes JSON that is shallow, and in which no key is `__proto__` or `constructor.prototype`. Depth is counted before anything is
 * parsed, which costs less than the parser would.
 */
export function installJson(app: FastifyInstance): void {
  const parse = app.getDefaultJsonParser('error', 'error');
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (request, body, done) => {
    if (depthOf(String(body)) > MAX_DEPTH) {
      const detail = `A body may be nested ${MAX_DEPTH} deep. Send what /docs describes.`;
      done(new ProblemError(400, 'Too deep', detail));
    } else void parse(request, String(body), done);
  });
}

/** How deep lists and objects are nested; braces in texts do not count. */
export function depthOf(json: string): number {
  let depth = 0;
  let deepest = 0;
  let isText = false;
  for (let i = 0; i < json.length; i++) {
    const sign = json.charCodeAt(i);
    if (isText) {
      if (sign === BACKSLASH) i++;
      else if (sign === QUOTE) isText = false;
    } else if (sign === QUOTE) isText = true;
    else if (sign === OPEN_LIST || sign === OPEN_OBJECT) deepest = Math.max(deepest, ++depth);
    else if (sign === CLOSE_LIST || sign === CLOSE_OBJECT) depth--;
  }
  return deepest;
}
