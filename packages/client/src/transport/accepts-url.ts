/**
 * Decides which URLs are looked at. Both lists are separated by commas; an empty one takes everything.
 * @param lists.hosts `host`, `host:port`, or `*.example.com` for a domain and all below it
 * @param lists.paths how a path begins: `/v1/`
 */
export function acceptsUrl(lists: {
  hosts: string | undefined;
  paths: string | undefined;
}): (url: string) => boolean {
  const hosts = listed(lists.hosts).map((host) => host.toLowerCase());
  const paths = listed(lists.paths);
  if (hosts.length === 0 && paths.length === 0) return () => true;
  return (url) => {
    if (!URL.canParse(url)) return false;
    const { host, hostname, pathname } = new URL(url);
    const isHost = hosts.length === 0 || hosts.some((one) => matches(one, host, hostname));
    return isHost && (paths.length === 0 || paths.some((path) => pathname.startsWith(path)));
  };
}

function matches(pattern: string, host: string, hostname: string): boolean {
  if (pattern.startsWith('*.')) {
    return hostname.endsWith(pattern.slice(1)) || hostname === pattern.slice(2);
  }
  return pattern === host || pattern === hostname;
}

function listed(text: string | undefined): string[] {
  return (text ?? '')
    .split(',')
    .map((one) => one.trim())
    .filter((one) => one !== '');
}
