import proxyAddr from '@fastify/proxy-addr';
import { ConfigError } from '@llm-monitor/runtime';

const FORM =
  'the addresses of your reverse proxies (127.0.0.1, 10.0.0.0/8, loopback, uniquelocal; separated by commas), or how many there are, one behind the other (1)';

/** Is this address, so many hops away from us, a proxy whose word holds? */
export type TrustProxy = (address: string, hop: number) => boolean;

/** `TRUST_PROXY`; undefined where nobody is trusted. @throws {ConfigError} */
export function parseTrustProxy(setting: string): TrustProxy | undefined {
  const text = setting.trim();
  if (text === '' || text === 'false') return undefined;
  if (/^[1-9]$/.test(text)) return (_address, hop) => hop < Number(text);
  const list = text.split(',').map((one) => one.trim());
  const isList = list.every(
    (one) => /^(loopback|linklocal|uniquelocal)$/.test(one) || isAddress(one),
  );
  if (isList) return proxyAddr.compile(list);
  throw new ConfigError(
    `TRUST_PROXY takes ${FORM} (it is "${setting}"). To trust everybody would let everybody choose their address.`,
  );
}

const isAddress = (text: string) => /^[\da-f.:]+(\/[\d.]{1,3})?$/i.test(text) && /[.:]/.test(text);
