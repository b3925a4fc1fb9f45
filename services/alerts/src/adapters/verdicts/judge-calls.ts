import type { RequestEndedData, Verdict } from '@llm-monitor/contracts/events';
import {
  requestMember,
  type RequestRecord,
  type StoredInstance,
} from '@llm-monitor/contracts/redis';
import {
  baselineKey,
  createRunningReader,
  createVerdictWatch,
  judgeEnded,
  laterProgress,
  type RunningCall,
  type Store,
  type Verdicts,
  type VerdictWatch,
} from '@llm-monitor/read-model';
import type { Logger } from '@llm-monitor/runtime';
import type { NatsConnection } from '@nats-io/transport-node';

import { verdictChanges } from '../../core/verdicts/verdict-changes.ts';
import { hearCalls } from './heard-calls.ts';
import { createUsualFigures, type UsualFigures } from './usual-figures.ts';
import { publishVerdict, type JudgedCall } from './verdict-publisher.ts';
import { createVerdictStore } from './verdict-store.ts';

/** A replica that is gone is followed by another after this. */
const LEASE_LOOKS = 4;

export interface JudgeOptions {
  store: Store;
  connection: NatsConnection;
  everyMs: number;
  log: Logger;
  nowMs(): number;
}

/** Looks at the running calls every few seconds, in one replica at a time. */
export function startJudge(options: JudgeOptions): { stop(): Promise<void> } {
  const { connection, everyMs, log, nowMs } = options;
  const heard = hearCalls(connection, nowMs);
  const verdicts = createVerdictStore(options.store.redis, options.store.keys, {
    leaseMs: LEASE_LOOKS * everyMs,
  });
  let session: Session | undefined;
  let timer: NodeJS.Timeout | undefined;
  let isStopped = false;

  const look = async () => {
    if (!(await verdicts.hold())) {
      session = undefined;
      heard.stop();
      return;
    }
    heard.listen();
    session ??= await openSession({ ...options, heard, verdicts });
    await session.look(nowMs());
  };
  const tick = async () => {
    // Redis is away: the next look finds what there is then.
    await look().catch((error: unknown) => log.debug({ err: error }, 'no call was judged'));
    if (!isStopped) timer = setTimeout(run, everyMs);
  };
  const run = () => {
    going = tick();
  };
  let going = tick();
  return {
    async stop() {
      isStopped = true;
      clearTimeout(timer);
      await going;
      clearTimeout(timer);
      heard.stop();
      await verdicts.release().catch(() => undefined);
    },
  };
}

interface Session {
  look(nowMs: number): Promise<void>;
}

type SessionParts = JudgeOptions & {
  heard: ReturnType<typeof hearCalls>;
  verdicts: ReturnType<typeof createVerdictStore>;
};

/** From when this replica may judge to when another does. */
async function openSession(parts: SessionParts): Promise<Session> {
  const { store, heard, verdicts } = parts;
  const reader = createRunningReader(store);
  const usual = createUsualFigures(store);
  let before: Verdicts = await verdicts.readRunning();
  const watch: VerdictWatch = createVerdictWatch(before);
  let judged = new Map<string, JudgedCall>();

  return {
    async look(nowMs) {
      const [kept, figures, beats] = await Promise.all([
        reader.read(),
        usual.read(nowMs),
        readBeats(store),
      ]);
      const running = kept.map(({ record, progress }): RunningCall => {
        const own = heard.progressOf(requestMember(record.app, record.id));
        return { record, progress: laterProgress(own, progress) };
      });
      const calls = new Map(
        running.map(({ record }) => [requestMember(record.app, record.id), record]),
      );
      const now = watch.look(running, {
        ...{ nowMs, ...figures, heardSinceMs: heard.sinceMs() },
        beatAtMs: ({ app, instance }) =>
          beats.get(instance ?? '') ?? beats.get(`${app}:${instance}`),
      });
      const completed = judgeCompleted(parts, figures, nowMs);
      const callOf = (member: string) =>
        calls.get(member) ?? completed.get(member)?.call ?? judged.get(member);
      const ended = endedSince(before, calls, completed);
      if (ended.size > 0) await verdicts.addEnded(ended, callOf, nowMs);
      await verdicts.writeRunning(before, now, callOf);
      for (const { member, ...change } of verdictChanges(before, now)) {
        const call = callOf(member);
        const hasEnded = !calls.has(member);
        if (call) publishVerdict(parts.connection, call, { ...change, hasEnded }, nowMs);
      }
      judged = new Map([...now.keys()].flatMap((member) => pair(member, callOf(member))));
      before = now;
      heard.keep(new Set(calls.keys()));
    },
  };
}

const pair = (member: string, call: JudgedCall | undefined): [string, JudgedCall][] =>
  call ? [[member, call]] : [];

/** When each process last beat; ms. */
async function readBeats({ redis, keys }: Store): Promise<Map<string, number>> {
  const stored = await redis.hgetall(keys.global.instances);
  return new Map(
    Object.entries(stored).map(([field, text]) => [
      field,
      (JSON.parse(text) as StoredInstance).seenAtMs,
    ]),
  );
}

/** A call whose prompt was possibly cut. */
interface Cut {
  call: JudgedCall;
  verdict: Verdict;
}

/** What was found of calls that ended well since the last look; each is told at once. */
function judgeCompleted(
  { heard, connection }: SessionParts,
  { baselines, contextOf }: UsualFigures,
  nowMs: number,
): Map<string, Cut> {
  const found = new Map<string, Cut>();
  for (const { app, data, endedAtMs } of heard.takeCompleted()) {
    const verdict = judgeEnded(
      {
        ...{ endedAtMs, promptChars: data.promptChars, imageCount: data.imageCount },
        inputTokens: countedInput(data),
        contextTokens: contextOf(data),
      },
      baselines.get(baselineKey(data)) ?? {},
    );
    if (!verdict) continue;
    const { requestId: id, model, host, demo = false } = data;
    const call: JudgedCall = { id, app, model, demo, ...(host === undefined ? {} : { host }) };
    found.set(requestMember(app, id), { call, verdict });
    publishVerdict(connection, call, { verdict, what: 'raised' }, nowMs);
  }
  return found;
}

function countedInput({ usage }: RequestEndedData): number | undefined {
  return usage?.source === 'server' ? usage.inputTokens : undefined;
}

/** What held of calls that no longer run, and what their end told. */
function endedSince(
  before: Verdicts,
  running: ReadonlyMap<string, RequestRecord>,
  completed: ReadonlyMap<string, Cut>,
): Verdicts {
  const ended = new Map<string, readonly Verdict[]>();
  for (const [member, verdicts] of before) if (!running.has(member)) ended.set(member, verdicts);
  for (const [member, { verdict }] of completed) {
    ended.set(member, [...(ended.get(member) ?? []), verdict]);
  }
  return ended;
}
