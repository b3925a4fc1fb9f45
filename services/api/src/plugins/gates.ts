import type { IncomingMessage } from 'node:http';

import { roleNeeded, type Role } from '@llm-monitor/runtime';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Who may, where the method says it wrongly: anyone at all (`open`), or who has this role. */
    access?: Role | 'open';
  }
}

/** A request as Node gives it, and what a gate may ask about it besides. */
export interface Asked {
  raw: IncomingMessage;
  /** What its route takes. Dear to look up where Fastify knows it. */
  needed(): Role | 'open';
  /** Who asks. */
  address(): string;
}

/** What a request passes before it is answered, in a form that does not need Fastify. */
export interface Gate {
  /** Of every answer behind it, refusals too. */
  headers?: Readonly<Record<string, string>>;
  /** Why a request is not let in; undefined when it is. Asked once of each request. */
  refuse?(asked: Asked): Error | undefined;
  /** What Fastify's own objects need. It changes nothing of who is let in, and nothing of an answer. */
  prepare?(request: FastifyRequest, reply: FastifyReply): void;
}

/** All that stands before routes: gates, which both ways of answering ask, and hooks that only Fastify runs. */
export interface Gates {
  /** Puts a gate before all routes of `app` and of what is registered in it. */
  install(app: FastifyInstance, gate: Gate): void;
  /** The gates before routes of `app`; undefined where a hook that is no gate stands there, too. */
  before(app: FastifyInstance): readonly Gate[] | undefined;
  /** Do these gates let a request in? Where not, Fastify may be asked about it, which asks none of them a second time. */
  letIn(gates: readonly Gate[], asked: Asked): boolean;
}

type Verdicts = ReadonlyMap<Gate, Error | undefined>;

/** @param app to which nothing was added yet */
export function createGates(app: FastifyInstance): Gates {
  const hooks: { app: FastifyInstance; gate: Gate | undefined }[] = [];
  const gateOf = new WeakMap<object, Gate>();
  const known = new WeakMap<IncomingMessage, Verdicts>();
  hearHooks(app, (at, hook) => hooks.push({ app: at, gate: gateOf.get(hook) }));
  return {
    install(at, gate) {
      const hook = createHook(gate, (raw) => known.get(raw));
      gateOf.set(hook, gate);
      at.addHook('onRequest', hook);
    },
    before(at) {
      const found = hooks.filter((one) => one.app === at || isWithin(one.app, at));
      const gates = found.map(({ gate }) => gate).filter((gate) => gate !== undefined);
      return gates.length === found.length ? gates : undefined;
    },
    letIn(gates, asked) {
      for (const gate of gates) {
        const problem = refusalBy(gate, asked);
        if (problem === undefined) continue;
        const passed = gates.slice(0, gates.indexOf(gate));
        known.set(
          asked.raw,
          new Map([...passed.map((one) => [one, undefined] as const), [gate, problem]]),
        );
        return false;
      }
      return true;
    },
  };
}

type Hook = (request: FastifyRequest, reply: FastifyReply, done: (error?: Error) => void) => void;

function createHook(gate: Gate, knownOf: (raw: IncomingMessage) => Verdicts | undefined): Hook {
  const headers = Object.entries(gate.headers ?? {});
  return (request, reply, done) => {
    for (const [name, value] of headers) void reply.header(name, value);
    gate.prepare?.(request, reply);
    if (!gate.refuse) return done();
    const verdicts = knownOf(request.raw);
    return done(verdicts?.has(gate) ? verdicts.get(gate) : gate.refuse(askedOf(request)));
  };
}

/** A fault of a gate lets nobody in. */
function refusalBy(gate: Gate, asked: Asked): Error | undefined {
  try {
    return gate.refuse?.(asked);
  } catch (error) {
    return error as Error;
  }
}

const askedOf = (request: FastifyRequest): Asked => ({
  raw: request.raw,
  needed: () => request.routeOptions.config.access ?? roleNeeded(request.method),
  // Only who asks for others names them; to look who may is the dear part. Fastify knows no address of who has gone already.
  address: () =>
    (request.headers['x-forwarded-for'] === undefined
      ? request.raw.socket.remoteAddress
      : request.ip) ?? '',
});

/** Who asks, if not for somebody else; nobody where the connection has gone already. */
export const directAddressOf = (raw: IncomingMessage): string => raw.socket.remoteAddress ?? '';

/** Of the application's life, not of a request's. */
const OF_THE_APP = new Set(['onRoute', 'onRegister', 'onReady', 'onListen', 'preClose', 'onClose']);

/** Tells of every hook that requests will run, whoever adds it: what is registered in Fastify inherits the function. */
function hearHooks(
  root: FastifyInstance,
  note: (app: FastifyInstance, hook: object) => void,
): void {
  const addHook = root.addHook as (name: string, hook: object) => FastifyInstance;
  root.addHook = function (this: FastifyInstance, name: string, hook: object) {
    if (!OF_THE_APP.has(name)) note(this, hook);
    return addHook.call(this, name, hook);
  } as typeof root.addHook;
}

/** What is registered in an instance of Fastify is made of it. */
const isWithin = (outer: FastifyInstance, inner: FastifyInstance): boolean =>
  Object.prototype.isPrototypeOf.call(outer, inner);
