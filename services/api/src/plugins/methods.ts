import type { FastifyInstance, FastifyPluginAsync, RouteOptions } from 'fastify';

import { ProblemError } from '../problem.ts';

const ALL = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];

/**
 * Another method on a known path is 405, before anything of its body is looked at.
 * @returns to be registered once all routes are there
 */
export function installMethods(app: FastifyInstance): FastifyPluginAsync {
  const takenAt = new Map<string, Set<string>>();
  app.addHook('onRoute', ({ method, url }: RouteOptions) => {
    const taken = takenAt.get(url) ?? new Set();
    for (const one of [method].flat()) taken.add(one);
    takenAt.set(url, taken);
  });
  return async (last) => {
    for (const [url, methods] of [...takenAt]) {
      const taken = ALL.filter((one) => methods.has(one));
      const others = ALL.filter((one) => !methods.has(one));
      if (/[*]|.\/$/.test(url) || others.length === 0) continue;
      last.route({
        method: others,
        url,
        schema: { hide: true },
        onRequest: (request, _reply, done) => done(notTaken(request.method, taken)),
        handler: () => undefined,
      });
    }
  };
}

function notTaken(method: string, taken: readonly string[]): ProblemError {
  const shown = taken.filter((one) => one !== 'HEAD' || taken.length === 1);
  return new ProblemError(
    405,
    'Method not allowed',
    `${method} does nothing here. Use ${shown.join(' or ')}.`,
    { allow: taken.join(', ') },
  );
}
