/** Where this agent is. */
export interface ThisMachine {
  /** Its names: the one that the agent uses and the system's own. */
  names: ReadonlySet<string>;
  /** The addresses of its network interfaces. */
  addresses: ReadonlySet<string>;
}

/** An inference server as callers may name it. */
export interface ServerPlace {
  hostname: string;
  port: number;
  /** Ports of this machine that lead to it too: the agent's own proxy. */
  proxyPorts: readonly number[];
}

/** Where a call went, as far as its events say. */
export interface CallTarget {
  host?: string | undefined;
  serverAddress?: string | undefined;
  serverPort?: number | undefined;
}

const LOOPBACK = /^(localhost|127(\.\d+){3}|::1|0\.0\.0\.0|::|::ffff:127(\.\d+){3})$/;

const plain = (hostname: string): string => hostname.toLowerCase().replace(/^\[|\]$/g, '');

export function isLoopback(hostname: string): boolean {
  return LOOPBACK.test(plain(hostname));
}

/** Does this name or address mean the machine that the agent runs on? */
export function isThisMachine(hostname: string, machine: ThisMachine): boolean {
  const name = plain(hostname);
  if (isLoopback(name) || machine.addresses.has(name)) return true;
  const label = name.split('.')[0] ?? name;
  // `gpu-box.lan` and `gpu-box` are one machine; addresses have dots too.
  return machine.names.has(name) || (!/^[\d.]+$/.test(name) && machine.names.has(label));
}

/**
 * Does a call run on this server? `maybe` when the port is right and the name cannot be told: enough not to take the server's
 * work for somebody else's, not enough to charge the call with it.
 */
export function placeOfCall(
  call: CallTarget,
  server: ServerPlace,
  machine: ThisMachine,
): 'here' | 'maybe' | 'elsewhere' {
  const address = call.serverAddress === undefined ? undefined : plain(call.serverAddress);
  const isItsPort = call.serverPort === server.port;
  const isOurPort = call.serverPort !== undefined && server.proxyPorts.includes(call.serverPort);
  if (!isItsPort && !isOurPort) return 'elsewhere';
  if (address === undefined) return 'maybe';
  const isOnThisMachine = isOurPort || isThisMachine(server.hostname, machine);
  if (isLoopback(address)) {
    const isFromHere = call.host !== undefined && machine.names.has(call.host.toLowerCase());
    return isOnThisMachine && isFromHere ? 'here' : 'elsewhere';
  }
  if (isItsPort && address === plain(server.hostname)) return 'here';
  if (isThisMachine(address, machine)) return isOnThisMachine ? 'here' : 'elsewhere';
  return 'maybe';
}
