import { hostname } from 'node:os';

import type { CallIdentity } from '../call/call-identity.ts';
import type { CallStart } from '../call/call-tracker.ts';
import { createCallHub as createHub, type MonitorState } from '../monitor/call-hub.ts';
import { resolveSettings, type MonitorOptions } from '../monitor/monitor-options.ts';
import { FollowedCall } from '../transport/followed-call.ts';
import type { OpenCall } from '../transport/open-call.ts';
import { findWireFormat } from '../wire/find-wire-format.ts';

/** A call that goes by. */
export interface PassingCall {
  method: string;
  /** With the address that the server is known by. */
  url: string;
  /** Text, bytes, or what was kept of a large one (`BodyEdges`); undefined when it could not be read. */
  body: unknown;
  begun?: CallStart;
  identity: Partial<CallIdentity> & { app: string };
  /** Aborts the call and no other. */
  cancel?(): void;
}

/** Follows calls that others make. No method throws. */
export interface CallHub {
  /** Is a request to this URL one that a model is run or moved for? */
  isModelCall(method: string, url: string): boolean;
  /** Undefined when it is no call of a model. */
  open(call: PassingCall): OpenCall | undefined;
  state(): MonitorState;
  /** Resolves to true once the bus has everything. Never rejects. */
  flush(timeoutMs?: number): Promise<boolean>;
  close(): Promise<void>;
}

/** `instance` is the agent's; `maxApps` bounds how many apps are told apart (default 256): the rest is `other`. */
export interface CallHubOptions extends Omit<MonitorOptions, 'app' | 'disabled'> {
  instance: string;
  host?: string;
  maxApps?: number;
}

const OTHER_APPS = 'other';

/** Follows the calls of any number of apps over one connection to the bus. Creating it starts nothing. */
export function createCallHub(options: CallHubOptions): CallHub {
  const { instance, host = hostname(), maxApps = 256 } = options;
  const settings = resolveSettings(options, process.env, { app: () => 'agent', host, instance });
  const hub = createHub({ ...settings, app: 'agent' }, { anyApp: true });
  const apps = new Set<string>();
  const nameOf = (app: string) => {
    if (apps.size < maxApps) apps.add(app);
    return apps.has(app) ? app : OTHER_APPS;
  };
  const isModelCall = (method: string, url: string) =>
    method === 'POST' && findWireFormat(url) !== undefined;
  return {
    isModelCall,
    open({ method, url, body, begun, identity, cancel }) {
      try {
        const format = isModelCall(method, url) ? findWireFormat(url) : undefined;
        if (!format) return undefined;
        const observer = hub.observer(nameOf(identity.app || 'unknown'));
        const call = new FollowedCall(observer, format, { url, body, begun, identity });
        if (cancel) call.abortable({ abort: cancel });
        return call;
      } catch {
        return undefined;
      }
    },
    state: hub.state,
    flush: (timeoutMs = settings.flushTimeoutMs) => hub.flush(timeoutMs),
    close: hub.close,
  };
}
