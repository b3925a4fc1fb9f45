import type { FeedOp } from '../live/live.ts';
import { FEED_MARKS } from '../redis/feed.ts';
import { parseRequestMember } from '../redis/members.ts';
import { decodeRecord } from '../redis/record-codec.ts';
import { toActiveRequest, toEndedRequest } from './from-record.ts';

/**
 * What an entry of the change feed says. Its fields are, for each request, `<id>:<app>` → `<mark><phase bits>`, and behind it the fields
 * of the request's hash that say it: what was just written, and of an end what was asked too. The names of those hold no colon.
 * An entry of an earlier version has one field, `ops`, with a JSON list.
 * What cannot be read, or is unknown, says nothing.
 */
export function toFeedOps(fields: readonly string[]): FeedOp[] {
  if (fields[0] === 'ops') return readOps(fields[1]);
  const ops: FeedOp[] = [];
  for (let at = 0; at < fields.length;) {
    const member = fields[at] ?? '';
    const said = fields[at + 1] ?? '';
    const hash: Record<string, string> = { b: said.slice(1) };
    at += 2;
    for (; at < fields.length && !fields[at]?.includes(':'); at += 2) {
      hash[fields[at] ?? ''] = fields[at + 1] ?? '';
    }
    const op = toFeedOp(member, said[0], hash);
    if (op) ops.push(op);
  }
  return ops;
}

function toFeedOp(
  member: string,
  mark: string | undefined,
  hash: Record<string, string>,
): FeedOp | undefined {
  if (mark === FEED_MARKS.firstToken) return ['first', member, Number(hash['f']) / 1000];
  try {
    const record = decodeRecord(parseRequestMember(member), hash);
    if (record && mark === FEED_MARKS.end) return ['end', toEndedRequest(record)];
    if (record && mark === FEED_MARKS.start) {
      return ['start', toActiveRequest(record, undefined, record.startedAtMs ?? 0)];
    }
  } catch {
    // Written by something else.
  }
  return undefined;
}

function readOps(text: string | undefined): FeedOp[] {
  try {
    const ops: unknown = JSON.parse(text ?? '[]');
    return Array.isArray(ops) ? ops.filter(isFeedOp) : [];
  } catch {
    return [];
  }
}

/** Keeps what a newer collector may add from those who do not know it. */
function isFeedOp(op: unknown): op is FeedOp {
  return Array.isArray(op) && (op[0] === 'start' || op[0] === 'first' || op[0] === 'end');
}
