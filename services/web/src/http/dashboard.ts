import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import fastifyStatic from '@fastify/static';
import type { FastifyInstance, FastifyReply } from 'fastify';

import { sendProblem } from './problem.ts';

/** The built dashboard's page, with what it knows from its server alone; undefined when it was not built. */
export async function readDashboardPage(
  folder: string,
  { basePath, proxyAddress }: { basePath: string; proxyAddress: string },
): Promise<string | undefined> {
  try {
    const page = await readFile(join(folder, 'index.html'), 'utf8');
    return page
      .replaceAll('="./', `="${basePath}/`)
      .replace('<html ', `<html data-base="${basePath}" data-proxy="${proxyAddress}" `);
  } catch {
    return undefined;
  }
}

/** A dot in the last part. */
const FILE = /\.[^/]*$/;
/** Pages of things that others named: a name may hold dots, and the backslashes of a file of Windows, which no file here may. */
const NAMED_PAGES = ['/models/*', '/apps/*', '/hosts/*'];

const notBuilt = (basePath: string) => `<!doctype html>
<html lang="en"><meta charset="utf-8"><title>LLM Monitor</title>
<h1>The dashboard is not built</h1>
<p>Run <code>node scripts/build.mjs</code> in the folder of LLM Monitor, then start it again.</p>
<p>Everything else works: see <a href="${basePath}/docs">the API</a>.</p>
</html>
`;

/** Serves the dashboard's files, and its page for every address that it knows by itself (such as /history). */
export async function serveDashboard(
  server: FastifyInstance,
  options: { folder: string; page: string | undefined; basePath: string },
): Promise<void> {
  const { folder, page, basePath } = options;
  const sendPage = (reply: FastifyReply) =>
    reply
      .code(page === undefined ? 503 : 200)
      .type('text/html; charset=utf-8')
      .header('cache-control', 'no-cache')
      .send(page ?? notBuilt(basePath));

  if (page !== undefined) await serveFiles(server, folder);
  // A folder without an index is forbidden, and so would be the root.
  for (const path of ['/', ...NAMED_PAGES]) server.get(path, (_request, reply) => sendPage(reply));
  server.setNotFoundHandler((request, reply) => {
    const path = request.url.split('?')[0] ?? '';
    const isReading = request.method === 'GET' || request.method === 'HEAD';
    if (isReading && !FILE.test(path)) return sendPage(reply);
    return sendProblem(reply, {
      status: 404,
      title: 'Not found',
      detail: `The dashboard is at ${basePath}/, the API under ${basePath}/api, its documentation at ${basePath}/docs.`,
    });
  });
}

async function serveFiles(server: FastifyInstance, folder: string): Promise<void> {
  await server.register(fastifyStatic, {
    root: folder,
    index: false,
    cacheControl: false,
    preCompressed: true,
    setHeaders: (reply, path) => {
      // Vite names everything in assets by its content.
      const isHashed = path.includes('/assets/');
      reply.header('cache-control', isHashed ? 'public, max-age=31536000, immutable' : 'no-cache');
    },
  });
}
