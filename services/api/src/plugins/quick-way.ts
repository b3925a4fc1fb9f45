import { validateHeaderValue, type IncomingMessage, type ServerResponse } from 'node:http';

import { roleNeeded, type Role } from '@llm-monitor/runtime';
import type { TObject } from '@llm-monitor/contracts/typebox';
import type { FastifyInstance, RouteOptions } from 'fastify';

import { JSON_TYPE } from '../routes/answers.ts';
import { directAddressOf, type Gate, type Gates } from './gates.ts';
import { createQueryValidator } from './validation.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The route's answer in JSON if it is ready, the same that its handler would give: such a route is answered by the quick way. */
    kept?(query: object): string | Buffer | undefined;
  }
}

interface Offer {
  app: FastifyInstance;
  options: RouteOptions;
  /** As the route was written: what others put around it afterwards is Fastify's to run. */
  handler: RouteOptions['handler'];
}

/** What is sent: `head` has names and values in turn. */
interface Ready {
  body: string | Buffer;
  head: string[];
}

/** A route that can be answered without Fastify. */
interface QuickRoute {
  gates: readonly Gate[];
  needed: Role | 'open';
  /** Undefined where nothing is kept, or a fault kept it from being told: Fastify meets the same one, and says so. */
  ready(): Ready | undefined;
}

/**
 * Answers what is kept ready without Fastify, which takes as long for it as Node itself does for everything else. It takes only a request
 * without anything special, that every gate before its route lets in. All others are Fastify's, which alone says no.
 */
export function installQuickWay(app: FastifyInstance, gates: Gates): void {
  const offers: Offer[] = [];
  const routes = new Map<string, QuickRoute>();
  app.addHook('onRoute', function (options) {
    offers.push({ app: this, options, handler: options.handler });
  });
  app.addHook('onReady', (done) => {
    for (const offer of offers) {
      const route = isAlone(offer, offers) ? toQuickRoute(offer, gates) : undefined;
      if (route) routes.set(offer.options.url, route);
    }
    listenBefore(app, (request, response) => {
      const route = routes.get(request.url ?? '');
      return route !== undefined && answer(request, response, route, gates);
    });
    done();
  });
  app.addHook('preClose', (done) => {
    routes.clear();
    done();
  });
}

/** @param take says whether it answers the request; else Fastify does */
function listenBefore(
  { server, routing }: FastifyInstance,
  take: (request: IncomingMessage, response: ServerResponse) => boolean,
): void {
  if (!server.listeners('request').includes(routing)) return;
  server.off('request', routing);
  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    if (!take(request, response)) routing(request, response);
  });
}

function answer(
  raw: IncomingMessage,
  response: ServerResponse,
  route: QuickRoute,
  gates: Gates,
): boolean {
  if (!isPlain(raw)) return false;
  const ready = route.ready();
  if (ready === undefined) return false;
  const asked = { raw, needed: () => route.needed, address: () => directAddressOf(raw) };
  if (!gates.letIn(route.gates, asked)) return false;
  response.writeHead(200, ready.head);
  response.end(ready.body);
  return true;
}

/** Headers that ask for more than an answer, announce a body, or speak for somebody else. */
const SPECIAL = [
  ...['content-length', 'transfer-encoding', 'expect', 'upgrade', 'accept-version'],
  ...['forwarded', 'x-forwarded-for'],
];

function isPlain({ method, httpVersion, headers }: IncomingMessage): boolean {
  if (method !== 'GET' || httpVersion !== '1.1') return false;
  for (const name of SPECIAL) if (headers[name] !== undefined) return false;
  return true;
}

/** Is no other route chosen for the same path, by host or whatever else? */
const isAlone = ({ options }: Offer, offers: readonly Offer[]): boolean =>
  offers.filter((one) => one.options.url === options.url && isOfGet(one.options)).length === 1;

const isOfGet = ({ method }: RouteOptions): boolean => [method].flat().includes('GET');

/** Undefined where Fastify would do more for the route than is done here. */
function toQuickRoute({ app, options, handler }: Offer, all: Gates): QuickRoute | undefined {
  const { kept, access = roleNeeded('GET') } = options.config ?? {};
  if (options.method !== 'GET' || options.handler !== handler) return undefined;
  const gates = all.before(app);
  const query = kept && gates && isSimple(options) ? queryOfNone(options) : undefined;
  if (!kept || !gates || !query) return undefined;
  return {
    gates,
    needed: access,
    ready: createReady(() => kept(query), { ...headersOf(gates), 'content-type': JSON_TYPE }),
  };
}

/** As Fastify has them: the last one of a name, however it is written. */
const headersOf = (gates: readonly Gate[]): Record<string, string> =>
  Object.fromEntries(
    gates
      .flatMap(({ headers = {} }) => Object.entries(headers))
      .map(([name, value]) => [name.toLowerCase(), value]),
  );

/** One path for everybody, and nothing to be done before or after its handler. */
function isSimple({ url, constraints, schema = {}, ...options }: RouteOptions): boolean {
  const hasHooks = Object.keys(options).some((name) => /^(on|pre)[A-Z]/.test(name));
  const { headers, params, body } = schema;
  return !hasHooks && !constraints && !/[:*(]/.test(url) && !headers && !params && !body;
}

/** What a request without a query asks for; undefined where it is refused. */
function queryOfNone({ schema }: RouteOptions): object | undefined {
  if (!schema?.querystring) return {};
  try {
    return createQueryValidator(schema.querystring as TObject)({}).value as object;
  } catch {
    return undefined;
  }
}

/** One answer is sent many times. Nothing of it can fail later, where nobody would catch it. */
function createReady(
  kept: () => string | Buffer | undefined,
  headers: Record<string, string>,
): QuickRoute['ready'] {
  for (const [name, value] of Object.entries(headers)) validateHeaderValue(name, value);
  const given = Object.entries(headers).flat();
  let last: Ready | undefined;
  return () => {
    try {
      const body = kept();
      if (body === undefined) return undefined;
      if (last?.body !== body) {
        last = { body, head: [...given, 'content-length', String(Buffer.byteLength(body))] };
      }
      return last;
    } catch {
      return undefined;
    }
  };
}
