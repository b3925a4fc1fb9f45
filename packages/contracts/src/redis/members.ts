// What keys, sets and hashes have names of several parts for: rollups and requests.

/** What a rollup is split by. */
export interface Dimensions {
  model: string;
  app: string;
  host: string;
  demo: boolean;
}

/** Most names hold nothing that must be encoded, and a collector asks for the same few thousands of times a second. */
const PLAIN = /^[\w.-]*$/;
/** A name as a part of a key: what could end the part is percent-encoded. */
export const keyPart = (name: string): string =>
  PLAIN.test(name) ? name : encodeURIComponent(name);

/** `<model>:<app>:<host>`, `:demo` behind it for demo traffic; each part percent-encoded, since model names hold colons. */
export function rollupMember(of: Dimensions): string {
  return `${keyPart(of.model)}:${keyPart(of.app)}:${keyPart(of.host)}${of.demo ? ':demo' : ''}`;
}

/** The reverse of {@link rollupMember}. */
export function parseRollupMember(member: string): Dimensions {
  const [model = '', app = '', host = '', demo] = member.split(':');
  return {
    model: decodeURIComponent(model),
    app: decodeURIComponent(app),
    host: decodeURIComponent(host),
    demo: demo === 'demo',
  };
}

/** `<id>:<app>`: a request inside sorted sets. The id first, so that equal scores are ordered by id. */
export function requestMember(app: string, id: string): string {
  return `${id}:${app}`;
}

/** The reverse of {@link requestMember}. Neither part holds a colon. */
export function parseRequestMember(member: string): { id: string; app: string } {
  const colon = member.indexOf(':');
  return { id: member.slice(0, colon), app: member.slice(colon + 1) };
}
