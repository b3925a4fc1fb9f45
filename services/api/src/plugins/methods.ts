import type { FastifyInstance, RouteOptions } from 'fastify';

import { ProblemError } from '../problem.ts';

const ALL = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];

/** What each path takes: it either reads or does something. */
const TAKEN = new Map([
  ['GET', ['GET', 'HEAD']],
  ['POST', ['POST']],
]);

/** Another method on a known path is 405, before anything of its body is looked at. */
export function installMethods(app: FastifyInstance): void {
  const guarded = new Set<string>();
  app.addHook('onRoute', ({ method, url }: RouteOptions) => {
    const taken = typeof method === 'string' ? TAKEN.get(method) : undefined;
    if (!taken || guarded.has(url)) return;
    guarded.add(url);
    app.route({
      method: ALL.filter((one) => !taken.includes(one)),
      url,
      schema: { hide: true },
      onRequest: (request, _reply, done) => {
        done(
          new ProblemError(
            405,
            'Method not allowed',
            `${request.method} does nothing here. Use ${taken[0]}.`,
            { allow: taken.join(', ') },
          ),
        );
      },
      handler: () => undefined,
    });
  });
}
