/** A process in a list, as far as it takes to tell servers apart. */
export interface NamedProcess {
  pid: number;
  parentPid: number;
  name: string;
}

// Linux cuts names at 15 characters.
const SERVERS =
  /^(ollama|llama-server|llama-swap|vllm|sglang|lm studio|lms|llmster|koboldcpp|local-ai|localai|tabbyapi|text-generation|mlx_lm|lemonade)/i;
/** They listen for somebody else: for a container, or at the other end of a tunnel. */
const FORWARDERS =
  /^(docker-proxy|rootlesskit|rootlessport|slirp4netns|pasta|conmon|gvproxy|com\.docker|ssh|socat|haproxy|nginx|caddy|traefik|envoy)/i;

export function isForwarder(name: string): boolean {
  return FORWARDERS.test(name);
}

/** The processes of the only server that is known by its name; empty when there is none, or when it cannot be told which is meant. */
export function onlyServer(processes: readonly NamedProcess[]): NamedProcess[] {
  const servers = processes.filter(({ name }) => SERVERS.test(name));
  const pids = new Set(servers.map(({ pid }) => pid));
  const roots = servers.filter(({ parentPid }) => !pids.has(parentPid));
  return roots.length === 1 ? servers : [];
}

/** Some processes and all that they started, except what `except` started. */
export function withDescendants(
  roots: readonly number[],
  processes: readonly Pick<NamedProcess, 'pid' | 'parentPid'>[],
  except: number,
): number[] {
  const children = new Map<number, number[]>();
  for (const { pid, parentPid } of processes) {
    const list = children.get(parentPid) ?? [];
    list.push(pid);
    children.set(parentPid, list);
  }
  const found = new Set<number>();
  const open = [...roots];
  for (let pid = open.pop(); pid !== undefined; pid = open.pop()) {
    if (found.has(pid) || pid === except) continue;
    found.add(pid);
    open.push(...(children.get(pid) ?? []));
  }
  return [...found];
}
