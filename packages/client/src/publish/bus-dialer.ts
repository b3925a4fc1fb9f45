import { unref } from '../call/unref.ts';
import {
  openBusConnection,
  type BusCommand,
  type BusConnection,
  type BusReply,
} from './bus-connection.ts';
import type { BusCredentials } from './bus-credentials.ts';
import { parseBusUrl, type BusAddress } from './bus-address.ts';
import { greets } from './greets.ts';

/** Keeps one connection to the bus, for ever dialling again. Never keeps the process alive, never throws. */
export interface BusDialer {
  /** Begins, when it has not yet. */
  start(): void;
  readonly connection: BusConnection | undefined;
  /** An attempt is under way. */
  readonly dialing: boolean;
  /** The address of the very first attempt, while that is under way. */
  readonly firstAddress: BusAddress | undefined;
  /** Ends the present connection; the next attempt follows. */
  renew(): void;
  stop(): void;
}

const FIRST_WAIT_MS = 250;
const LONGEST_WAIT_MS = 2000;
const GREETING_TIMEOUT_MS = 1000;
// The library's connecting holds the process: this bounds for how long.
const CONNECT_TIMEOUT_MS = 1000;

/** @param options.url addresses of NATS servers, separated by commas; they are tried in turn */
export function createBusDialer(options: {
  url: string;
  name: string;
  inboxPrefix: string;
  credentials: BusCredentials;
  command: BusCommand | undefined;
  onReply(reply: BusReply): void;
  /** After every attempt, with what came of it. */
  onAttempt(connection: BusConnection | undefined): void;
  onLost(): void;
  /** An attempt failed: what it said. */
  onFailure(reason: string): void;
}): BusDialer {
  const addresses = addressesOf(options.url);
  let state: 'idle' | 'dialing' | 'open' | 'waiting' | 'stopped' = 'idle';
  let connection: BusConnection | undefined;
  let attempt = 0;
  let waitMs = FIRST_WAIT_MS;

  const dial = async () => {
    state = 'dialing';
    const address = addresses[attempt++ % addresses.length];
    let opened: BusConnection | undefined;
    try {
      if (!address || !(await greets(address, GREETING_TIMEOUT_MS))) {
        options.onFailure('nothing answers there that speaks NATS');
      } else {
        opened = await openBusConnection(address, { ...options, timeoutMs: CONNECT_TIMEOUT_MS });
      }
    } catch (error) {
      // Refused, or not the bus at all: the next attempt tells.
      options.onFailure(String(error));
    }
    if (isStopped()) return opened?.destroy();
    if (opened) hold(opened);
    else later();
    options.onAttempt(opened);
  };
  const isStopped = () => state === 'stopped';
  const hold = (opened: BusConnection) => {
    state = 'open';
    connection = opened;
    waitMs = FIRST_WAIT_MS;
    void opened.closed.then(() => {
      connection = undefined;
      if (isStopped()) return;
      options.onLost();
      later();
    });
  };
  const later = () => {
    state = 'waiting';
    unref(
      setTimeout(() => {
        if (!isStopped()) void dial();
      }, waitMs),
    );
    waitMs = Math.min(2 * waitMs, LONGEST_WAIT_MS);
  };

  return {
    start() {
      if (state !== 'idle') return;
      if (addresses.length > 0) return void dial();
      state = 'stopped';
      options.onFailure('it is no address of a NATS server');
    },
    get connection() {
      return connection;
    },
    get dialing() {
      return state === 'dialing';
    },
    get firstAddress() {
      return state === 'dialing' && attempt === 1 ? addresses[0] : undefined;
    },
    renew: () => connection?.destroy(),
    stop() {
      state = 'stopped';
      connection?.destroy();
      connection = undefined;
    },
  };
}

/** A URL that cannot be read must not reach the app: there is then no bus. */
function addressesOf(url: string) {
  try {
    return parseBusUrl(url);
  } catch {
    return [];
  }
}
