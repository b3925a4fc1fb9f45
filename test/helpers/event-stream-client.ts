import { waitFor } from './wait-for.ts';

/** What came by a stream of server-sent events. */
export interface ReceivedEvent {
  id: string | undefined;
  event: string;
  data: string;
}

/** Somebody who reads an event stream as a browser does. */
export interface EventStreamClient {
  status: number;
  headers: Headers;
  events: ReceivedEvent[];
  comments: string[];
  /** Resolves when the stream has ended. */
  ended: Promise<void>;
  until(what: string, matches: (event: ReceivedEvent) => boolean): Promise<ReceivedEvent>;
  close(): void;
}

export async function openEventStream(
  url: string,
  init: RequestInit = {},
): Promise<EventStreamClient> {
  const controller = new AbortController();
  const response = await fetch(url, { ...init, signal: controller.signal });
  const events: ReceivedEvent[] = [];
  const comments: string[] = [];
  const ended = read(response, events, comments).catch(() => undefined);
  return {
    ...{ status: response.status, headers: response.headers, events, comments, ended },
    until: (what, matches) => waitFor(what, () => events.find(matches)),
    close: () => controller.abort(),
  };
}

async function read(
  response: Response,
  events: ReceivedEvent[],
  comments: string[],
): Promise<void> {
  let rest = '';
  const decoder = new TextDecoder();
  for await (const part of response.body ?? []) {
    rest += decoder.decode(part as Uint8Array, { stream: true });
    const blocks = rest.split('\n\n');
    rest = blocks.pop() ?? '';
    for (const block of blocks) readBlock(block, events, comments);
  }
}

function readBlock(block: string, events: ReceivedEvent[], comments: string[]): void {
  const fields = new Map<string, string>();
  for (const line of block.split('\n')) {
    const colon = line.indexOf(':');
    if (colon === 0) comments.push(line.slice(1).trim());
    else fields.set(line.slice(0, colon), line.slice(colon + 1).trimStart());
  }
  const data = fields.get('data');
  if (data === undefined) return;
  events.push({ id: fields.get('id'), event: fields.get('event') ?? 'message', data });
}
