import { readFile } from 'node:fs/promises';
import { extname, join } from 'node:path';

import fastifyStatic from '@fastify/static';
import type { FastifyInstance, FastifyReply } from 'fastify';

import { sendProblem } from './problem.ts';

/** The built dashboard's page; undefined when it was not built. */
export async function readDashboardPage(folder: string): Promise<string | undefined> {
  try {
    return await readFile(join(folder, 'index.html'), 'utf8');
  } catch {
    return undefined;
  }
}

const NOT_BUILT = `<!doctype html>
<html lang="en"><meta charset="utf-8"><title>LLM Monitor</title>
<h1>The dashboard is not built</h1>
<p>Run <code>node scripts/build.mjs</code> in the folder of LLM Monitor, then start it again.</p>
<p>Everything else works: see <a href="/docs">the API</a>.</p>
</html>
`;

/** Serves the dashboard's files, and its page for every address that it knows by itself (such as /history). */
export async function serveDashboard(
  server: FastifyInstance,
  options: { folder: string; page: string | undefined },
): Promise<void> {
  const sendPage = (reply: FastifyReply, page: string) =>
    reply.type('text/html; charset=utf-8').header('cache-control', 'no-cache').send(page);

  if (options.page !== undefined) {
    await server.register(fastifyStatic, {
      root: options.folder,
      index: false,
      cacheControl: false,
      setHeaders: (reply, path) => {
        // Vite names everything in assets by its content.
        const isHashed = path.includes('/assets/');
        reply.header(
          'cache-control',
          isHashed ? 'public, max-age=31536000, immutable' : 'no-cache',
        );
      },
    });
  }
  server.setNotFoundHandler((request, reply) => {
    const path = request.url.split('?')[0] ?? '';
    const isPage =
      (request.method === 'GET' || request.method === 'HEAD') &&
      (extname(path) === '' || path.startsWith('/models/'));
    if (isPage && options.page !== undefined) return sendPage(reply, options.page);
    if (isPage) return sendPage(reply.code(503), NOT_BUILT);
    return sendProblem(reply, {
      status: 404,
      title: 'Not found',
      detail: 'The dashboard is at /, the API under /api, its documentation at /docs.',
    });
  });
}
