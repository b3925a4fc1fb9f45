import type { RequestEndedData } from '@llm-monitor/contracts/events';

import {
  BITS,
  COUNT_FIELDS,
  FEED_MARKS,
  instanceField,
  requestMember,
  type Dimensions,
  type FeedMark,
} from '@llm-monitor/contracts/redis';

import type { Prior, Priors, RequestChange, ShardChange } from './change.ts';
import { addEnd, addLifetime, addOutcome } from './end-counts.ts';
import type { RequestEvent } from './parse-event.ts';
import { addCount, Tally } from './tally.ts';

type EventOf<M> = Extract<RequestEvent, { mark: M }>;

/** The events of one request in a batch, duplicates removed. */
interface Call {
  member: string;
  start?: EventOf<'start'>;
  firstToken?: EventOf<'firstToken'>;
  end?: EventOf<'end'>;
  orphan?: EventOf<'orphan'>;
}

const ENDED = BITS.end | BITS.orphan;

/**
 * Folds a batch of one shard's events into what must change. Pure: the same events give the same result in any order, in any
 * batches, however often each is delivered, as long as `priors` tells what was applied before.
 */
export function foldBatch(events: readonly RequestEvent[], priors: Priors): ShardChange {
  const tally = new Tally();
  const requests: RequestChange[] = [];
  const apps = new Set<string>();
  for (const call of groupByRequest(events)) {
    const change = foldCall(call, priors.get(call.member), tally);
    if (!change) continue;
    requests.push(change);
    apps.add(change.app);
  }
  return { requests, apps: [...apps], ...tally.result() };
}

function groupByRequest(events: readonly RequestEvent[]): Call[] {
  const calls = new Map<string, Call>();
  for (const event of events) {
    const member = requestMember(event.app, event.id);
    let call = calls.get(member);
    if (!call) calls.set(member, (call = { member }));
    // The first of several equal events counts, as it would if they came in batches of their own.
    (call as unknown as Record<string, RequestEvent>)[event.mark] ??= event;
  }
  return [...calls.values()];
}

function foldCall(given: Call, prior: Prior | undefined, tally: Tally): RequestChange | undefined {
  const call = prior ? withoutApplied(given, prior.bits) : given;
  const first = call.start ?? call.end ?? call.orphan ?? call.firstToken;
  if (!first) return undefined;
  // Without news from the store: a start comes first, anything else finds it there.
  const bits = prior?.bits ?? (call.start ? 0 : BITS.start);
  const mask = maskOf(call);
  const change: RequestChange = {
    member: call.member,
    app: first.app,
    id: first.id,
    instance: first.data.instance ? instanceField(first.app, first.data.instance) : '',
    expectedBits: prior?.bits,
    mask,
    timeoutMs: call.start?.data.timeoutMs,
    endedAtMs: undefined,
    formerEndedAtMs: undefined,
    tells: '',
    set: {
      startedAtMs: undefined,
      endedAtMs: undefined,
      ttftMs: undefined,
      instance: undefined,
      provisionalStart: undefined,
      orphanedIn: undefined,
    },
    asked: undefined,
    result: undefined,
    unset: [],
  };
  foldStart(call, first, bits, prior, change, tally);
  foldFirstToken(call, bits, prior, change);
  foldEnd(call, bits, prior, change, tally);
  change.tells = whatIsTold(call, bits | mask, change);
  return change;
}

function withoutApplied(call: Call, bits: number): Call {
  const rest: Call = { member: call.member };
  if (call.start && !(bits & BITS.start)) rest.start = call.start;
  if (call.firstToken && !(bits & BITS.firstToken)) rest.firstToken = call.firstToken;
  if (call.end && !(bits & BITS.end)) rest.end = call.end;
  if (call.orphan && !(bits & BITS.orphan)) rest.orphan = call.orphan;
  return rest;
}

function maskOf(call: Call): number {
  return (
    (call.start ? BITS.start : 0) |
    (call.firstToken ? BITS.firstToken : 0) |
    (call.end ? BITS.end : 0) |
    (call.orphan ? BITS.orphan : 0)
  );
}

function dimensionsOf(event: RequestEvent): Dimensions {
  const { model, host, demo } = event.data;
  return { model, app: event.app, host: host ?? '', demo: demo ?? false };
}

/** Counts a call as started once, with whichever event comes first; the start event itself then puts it where it belongs. */
function foldStart(
  call: Call,
  first: RequestEvent,
  bits: number,
  prior: Prior | undefined,
  change: RequestChange,
  tally: Tally,
): void {
  const isNew = bits === 0;
  if (isNew || call.start) {
    change.set.startedAtMs = first.startedAtMs;
    setAsked(change, first);
  } else if (call.end && !(bits & BITS.start)) {
    // Only a first token is known: the end says more about what was asked.
    setAsked(change, call.end);
  }
  if (!isNew && !call.start) return;
  const { place, fields } = tally.at(first.startedAtMs, dimensionsOf(first));
  addCount(fields, COUNT_FIELDS.started, 1);
  addCount(fields, COUNT_FIELDS.lastUsedMs, first.startedAtMs);
  if (!call.start) change.set.provisionalStart = place;
  else if (prior?.provisionalStart) {
    addCount(tally.atPlace(prior.provisionalStart).fields, COUNT_FIELDS.started, -1);
    change.unset.push('provisionalStart');
  }
}

function setAsked(change: RequestChange, { data }: RequestEvent): void {
  change.asked = data;
  change.set.instance = data.instance;
}

function foldFirstToken(
  call: Call,
  bits: number,
  prior: Prior | undefined,
  change: RequestChange,
): void {
  // The end event's own figure is the last word.
  const endKnows = (bits & BITS.end) !== 0 && (prior?.ttftKnown ?? false);
  if (call.firstToken && !endKnows) {
    change.set.ttftMs = Math.round(call.firstToken.data.ttftMs * 1000) / 1000;
  }
}

function foldEnd(
  call: Call,
  bits: number,
  prior: Prior | undefined,
  change: RequestChange,
  tally: Tally,
): void {
  if (call.end) {
    // A late end overrides the finding that none would come.
    if (bits & BITS.orphan && prior?.orphanedIn) {
      addOutcome(tally.atPlace(prior.orphanedIn).fields, 'orphaned', -1);
      change.unset.push('orphanedIn');
      change.formerEndedAtMs = prior.endedAtMs;
    }
    const { fields, lifetimeOnly } = tally.at(call.end.atMs, dimensionsOf(call.end));
    addEnd(fields, call.end.data);
    addLifetime(lifetimeOnly, call.end.data);
    setEnd(change, call.end.data, call.end.atMs);
  } else if (call.orphan && !(bits & BITS.end)) {
    const { data, atMs } = call.orphan;
    const { place, fields } = tally.at(atMs, dimensionsOf(call.orphan));
    addOutcome(fields, 'orphaned', 1);
    setEnd(change, data, atMs);
    change.set.orphanedIn = place;
  }
}

function setEnd(change: RequestChange, data: RequestEndedData, atMs: number): void {
  change.result = data;
  change.set.endedAtMs = atMs;
  if (data.ttftMs !== undefined) change.set.ttftMs = data.ttftMs;
  change.endedAtMs = atMs;
}

/** What those who watch have to be told: nothing of a call of which they have seen the end, unless that was another one. */
function whatIsTold(call: Call, bits: number, change: RequestChange): FeedMark | '' {
  if (change.endedAtMs !== undefined) return FEED_MARKS.end;
  if (bits & ENDED) return '';
  if (call.start) return FEED_MARKS.start;
  return call.firstToken ? FEED_MARKS.firstToken : '';
}
