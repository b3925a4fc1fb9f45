import {
  Alert,
  AlertChannel,
  AlertChannels,
  AlertChannelTest,
  AlertList,
  AlertMetricList,
  AlertPreview,
  AlertRule,
  AlertRuleChange,
  AlertRuleList,
} from '@llm-monitor/contracts/alerts';
import swagger, { type SwaggerTransformObject } from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import {
  ActiveRequest,
  AppStats,
  Bot,
  BotDetails,
  CancelProblem,
  CancelResult,
  CostSettings,
  DeadLetter,
  DeadLetterRetry,
  Deletion,
  DemoState,
  EndedRequest,
  Facets,
  Host,
  ModelStats,
  Pipeline,
  Problem,
  Series,
  Stats,
  Status,
  Trends,
} from '@llm-monitor/contracts/rest';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { TSchema } from '@llm-monitor/contracts/typebox';

const SHARED_SCHEMAS = [
  ActiveRequest,
  AlertChannel,
  AlertChannels,
  AlertChannelTest,
  Alert,
  AlertList,
  AlertMetricList,
  AlertPreview,
  AlertRule,
  AlertRuleChange,
  AlertRuleList,
  AppStats,
  Bot,
  BotDetails,
  CancelProblem,
  CancelResult,
  CostSettings,
  DeadLetter,
  DeadLetterRetry,
  Deletion,
  DemoState,
  EndedRequest,
  Facets,
  Host,
  ModelStats,
  Pipeline,
  Problem,
  Series,
  Stats,
  Status,
  Trends,
];

const DESCRIPTION = `What your LLMs do now, and what they did. All of it reads, but for what says POST, PUT or DELETE.

Durations are seconds, rates percent (0–100), times ISO 8601 in UTC. What is not known is null.
Demo traffic is left out unless \`demo=true\` (with it) or \`demo=only\` (it alone).
An unknown parameter or a bad value is answered with 400; every error is \`application/problem+json\`, and its \`detail\` says what to do.`;

/** The OpenAPI document at `/openapi.json` and a page to read and try it at `/docs`, with nothing from other machines. */
export async function installOpenapi(app: FastifyInstance, version: string): Promise<void> {
  for (const schema of SHARED_SCHEMAS) app.addSchema(withoutInnerIds(schema));
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: { title: 'LLM Monitor', version, description: DESCRIPTION, license: { name: 'MIT' } },
      servers: [{ url: '/' }],
      tags: [
        { name: 'now', description: 'What runs' },
        { name: 'history', description: 'What ended' },
        { name: 'figures', description: 'Totals, percentiles, series' },
        { name: 'settings', description: 'What people set' },
        { name: 'alerts', description: 'What is watched, and who is told' },
      ],
    },
    transformObject: withOptionals,
    refResolver: { buildLocalReference: (schema) => String(schema['$id']) },
  });
  await app.register(swaggerUi, {
    routePrefix: '/docs',
    transformSpecificationClone: false,
    transformSpecification: (document, request) => belowPrefix(document, request),
    uiConfig: {
      docExpansion: 'list',
      deepLinking: true,
      tryItOutEnabled: true,
      requestInterceptor: proveOwnPage,
    },
    theme: {
      title: 'LLM Monitor API',
      // The bar at the top only loads other documents.
      css: [{ filename: 'page.css', content: '.swagger-ui .topbar { display: none }' }],
    },
    staticCSP: {
      'default-src': "'self'",
      'img-src': "'self' data:",
      'style-src': "'self' 'unsafe-inline'",
      'frame-ancestors': "'none'",
    },
  });
  app.get('/openapi.json', { schema: { hide: true } }, (request) =>
    belowPrefix(app.swagger(), request),
  );
}

/** Runs in the browser: who logged in proves that it is this page that asks. */
function proveOwnPage<Asked extends object>(request: Asked): Asked {
  const { cookie } = (globalThis as unknown as { document: { cookie: string } }).document;
  const [, token] = /llm-monitor-csrf=\w+\.([\w-]+)/.exec(cookie) ?? [];
  const { headers } = request as unknown as { headers: Record<string, string> };
  if (token !== undefined) headers['x-llm-monitor-csrf'] = token;
  return request;
}

const PREFIX = /^(\/[\w.~-]+)+$/;

/** The web service may serve the API below a path, and says which one. */
function belowPrefix<Document extends object>(
  document: Document,
  request: FastifyRequest,
): Document {
  const prefix = request.headers['x-forwarded-prefix'];
  if (typeof prefix !== 'string' || !PREFIX.test(prefix)) return document;
  return { ...document, servers: [{ url: prefix }] };
}

/** The library takes every body for needed, and a parameter that has a default. A body whose fields are all optional may be left out, too. */
const withOptionals: SwaggerTransformObject = (document) => {
  if (!('openapiObject' in document)) return document.swaggerObject;
  const { openapiObject } = document;
  for (const path of Object.values(openapiObject.paths ?? {})) {
    for (const parameter of path?.get?.parameters ?? []) {
      if ('schema' in parameter && 'default' in (parameter.schema ?? {}))
        parameter.required = false;
    }
    const body = path?.post?.requestBody;
    if (body && 'required' in body) body.required = isFieldNeeded(body.content);
  }
  return openapiObject;
};

function isFieldNeeded(content: Record<string, { schema?: object }>): boolean {
  return Object.values(content).some(({ schema }) => schema && 'required' in schema);
}

/** A schema with an id inside another is a schema of its own to the document's resolver. */
function withoutInnerIds(schema: TSchema): object {
  const strip = (node: unknown, isRoot: boolean): unknown => {
    if (Array.isArray(node)) return node.map((one) => strip(one, false));
    if (typeof node !== 'object' || node === null) return node;
    return Object.fromEntries(
      Object.entries(node)
        .filter(([name]) => isRoot || name !== '$id')
        .map(([name, value]) => [name, strip(value, false)]),
    );
  };
  return strip(schema, true) as object;
}
