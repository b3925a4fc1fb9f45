import { remembered } from '../wire/remembered.ts';

const PRIVATE_NAME = /^[^.]*$|\.(?:local|localhost|internal|lan|home\.arpa)$/;
const PRIVATE_V4 =
  /^(?:127\.|10\.|192\.168\.|169\.254\.|172\.(?:1[6-9]|2\d|3[01])\.|100\.(?:6[4-9]|[7-9]\d|1[01]\d|12[0-7])\.)/;
const PRIVATE_V6 = /^\[(?:::1|f[cd][0-9a-f]{2}:|fe[89ab][0-9a-f]:)/;
const IS_V4 = /^\d+\.\d+\.\d+\.\d+$/;

/** Does this URL lead to a machine on a private network, or to this one? A name without a dot is one of a container or a LAN. */
export const isPrivateHost: (url: string) => boolean = remembered((url) =>
  isPrivateOrigin(originOf(url)),
);

const isPrivateOrigin = remembered(decide);

/** Cheaper than parsing: everything before the path. */
function originOf(url: string): string {
  const end = url.indexOf('/', url.indexOf('://') + 3);
  return end === -1 ? url : url.slice(0, end);
}

function decide(origin: string): boolean {
  try {
    const { hostname } = new URL(origin);
    if (IS_V4.test(hostname)) return PRIVATE_V4.test(hostname);
    return hostname.startsWith('[') ? PRIVATE_V6.test(hostname) : PRIVATE_NAME.test(hostname);
  } catch {
    return false;
  }
}
