import { isIP } from 'node:net';

import { ConfigError } from '@llm-monitor/runtime';

const FORM =
  'the addresses of the web service (127.0.0.1, 10.0.0.0/8, loopback, linklocal, uniquelocal; separated by commas)';
const NAMES = new Set(['loopback', 'linklocal', 'uniquelocal']);

/** `WEB_ADDRESSES`; empty where nobody's word holds. @throws {ConfigError} */
export function checkWebAddresses(setting: string): string {
  const all = setting.split(',').map((one) => one.trim());
  if (setting.trim() === '' || all.every((one) => NAMES.has(one) || isNetwork(one))) {
    return setting;
  }
  throw new ConfigError(`WEB_ADDRESSES takes ${FORM} (it is "${setting}").`);
}

function isNetwork(text: string): boolean {
  const [address = '', bits, ...more] = text.split('/');
  const family = isIP(address);
  if (family === 0 || more.length > 0) return false;
  return (
    bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= (family === 4 ? 32 : 128))
  );
}
