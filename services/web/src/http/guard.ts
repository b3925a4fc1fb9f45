import type { FastifyInstance } from 'fastify';

import { refuse, type AdmissionRules } from './admission.ts';
import { sendProblem } from './problem.ts';

const READING = new Set(['GET', 'HEAD', 'OPTIONS']);
/** Container health checks come without a token; these paths tell nothing about calls. */
const OPEN_PATHS = new Set(['/health', '/ready']);

/** Turns away who may not come in, and gives every answer its security headers. */
export function addGuard(
  server: FastifyInstance,
  options: AdmissionRules & { contentSecurityPolicy: string },
): void {
  server.addHook('onRequest', async (request, reply) => {
    const isOpen = OPEN_PATHS.has(request.url.split('?')[0] ?? '');
    const rules = isOpen ? { ...options, token: '' } : options;
    const refusal = refuse(request.headers, rules, { checkOrigin: !READING.has(request.method) });
    if (!refusal) return undefined;
    if (refusal.status === 401) reply.header('www-authenticate', 'Basic realm="LLM Monitor"');
    return sendProblem(reply, refusal);
  });
  server.addHook('onSend', async (_request, reply) => {
    reply.headers({
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
      'referrer-policy': 'no-referrer',
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-resource-policy': 'same-origin',
    });
    // The API's own pages know best what they need.
    if (!reply.hasHeader('content-security-policy')) {
      reply.header('content-security-policy', options.contentSecurityPolicy);
    }
  });
}
