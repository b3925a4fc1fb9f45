import type { FastifyInstance, RouteOptions } from 'fastify';

import { ProblemError } from '../problem.ts';

const REFUSED = ['POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];
const ALLOWED = 'GET, HEAD';

/** Every path only reads: another method on a known path is 405, before anything of its body is looked at. */
export function installReadOnly(app: FastifyInstance): void {
  const guarded = new Set<string>();
  app.addHook('onRoute', (route: RouteOptions) => {
    if (route.method !== 'GET' || guarded.has(route.url)) return;
    guarded.add(route.url);
    app.route({
      method: REFUSED,
      url: route.url,
      schema: { hide: true },
      onRequest: (request, _reply, done) => {
        done(
          new ProblemError(
            405,
            'Method not allowed',
            `${request.method} does nothing here. Use GET.`,
            { allow: ALLOWED },
          ),
        );
      },
      handler: () => undefined,
    });
  });
}
