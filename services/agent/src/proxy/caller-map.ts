import { readFileSync } from 'node:fs';
import { BlockList, isIP } from 'node:net';

import { ConfigError } from '@llm-monitor/runtime';

/** Which app a caller is, by its API key or its address. */
export interface CallerMap {
  byKey(key: string): string | undefined;
  byAddress(address: string): string | undefined;
}

const EXAMPLE = '{"keys":{"sk-…":"app"},"addresses":{"10.0.0.7":"app","10.0.0.0/8":"lan"}}';

/**
 * Reads `PROXY_CALLERS`: JSON, or the path of a file that holds it.
 * @throws {ConfigError} that shows no key
 */
export function readCallerMap(text: string): CallerMap {
  const isJson = text.trimStart().startsWith('{');
  const source = isJson ? 'PROXY_CALLERS' : `The file of PROXY_CALLERS (${text})`;
  const parsed = text === '' ? {} : parse(isJson ? text : readFile(text), source);
  const keys = readNames(parsed['keys'], `${source}: "keys"`);
  const nets = [...readNames(parsed['addresses'], `${source}: "addresses"`)]
    .map(([range, app]) => readRange(range, app, source))
    .toSorted((a, b) => b.prefix - a.prefix);
  return {
    byKey: (key) => keys.get(key),
    byAddress(address) {
      if (nets.length === 0) return undefined;
      const plain = address.startsWith('::ffff:') ? address.slice(7) : address;
      const family = familyOf(plain);
      return nets.find((net) => family && net.family === family && net.list.check(plain, family))
        ?.app;
    },
  };
}

function readFile(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new ConfigError(
      `PROXY_CALLERS must be JSON such as ${EXAMPLE} or the path of a file that holds it; reading the file failed: ${(error as Error).message}`,
    );
  }
}

function parse(text: string, source: string): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new ConfigError(`${source} holds no valid JSON; it must be like ${EXAMPLE}`);
  }
  if (!isRecord(value)) throw new ConfigError(`${source} must hold an object like ${EXAMPLE}`);
  const unknown = Object.keys(value).find((name) => name !== 'keys' && name !== 'addresses');
  if (unknown !== undefined) {
    throw new ConfigError(
      `${source} has an unknown field "${unknown}"; it must be like ${EXAMPLE}`,
    );
  }
  return value;
}

function readNames(value: unknown, source: string): Map<string, string> {
  if (value === undefined) return new Map();
  if (!isRecord(value)) throw new ConfigError(`${source} must be an object like in ${EXAMPLE}`);
  return new Map(
    Object.entries(value).map(([key, app]) => {
      if (typeof app !== 'string' || app === '' || app.length > 256) {
        throw new ConfigError(`${source} must give each entry the name of an app, like ${EXAMPLE}`);
      }
      return [key, app];
    }),
  );
}

function readRange(range: string, app: string, source: string) {
  const [address = '', length] = range.split('/');
  const family = familyOf(address);
  const bits = family === 'ipv4' ? 32 : 128;
  const prefix = length === undefined ? bits : Number(length);
  if (!family || !(/^\d+$/.test(length ?? '0') && prefix <= bits)) {
    throw new ConfigError(
      `${source}: "${range}" is no address; write 10.0.0.7, 10.0.0.0/8 or fd00::/8`,
    );
  }
  const list = new BlockList();
  list.addSubnet(address, prefix, family);
  return { app, family, prefix, list };
}

function familyOf(address: string): 'ipv4' | 'ipv6' | undefined {
  const version = isIP(address);
  return version === 4 ? 'ipv4' : version === 6 ? 'ipv6' : undefined;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
