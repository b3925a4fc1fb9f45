import {
  createContexts,
  learnBaselines,
  readHistory,
  readHosts,
  type Baseline,
  type Store,
} from '@llm-monitor/read-model';
import type { EndedRequest } from '@llm-monitor/contracts/rest';

/** What calls are judged by, read now and then. */
export interface UsualFigures {
  baselines: ReadonlyMap<string, Baseline>;
  contextOf: ReturnType<typeof createContexts>;
}

const LEARN_EVERY_MS = 30_000;
const CONTEXTS_EVERY_MS = 6000;
/** Ended calls that are read each time. */
const READ_CALLS = 300;
/** Calls that are remembered, so that a model that is seldom called keeps what is known of it. */
const REMEMBERED_CALLS = 3000;

/** Learns from the last calls of the history, of which only few are read again. */
export function createUsualFigures(store: Store): { read(nowMs: number): Promise<UsualFigures> } {
  const ended = new Map<string, EndedRequest>();
  let baselines: UsualFigures['baselines'] = new Map();
  let contextOf: UsualFigures['contextOf'] = () => undefined;
  let learntAtMs = -Infinity;
  let contextsAtMs = -Infinity;

  const learn = async () => {
    const filter = { demo: 'include' as const };
    const { items } = await readHistory(store, { limit: READ_CALLS, filter });
    for (const call of items.toReversed()) ended.set(`${call.id}:${call.app}`, lean(call));
    for (const key of ended.keys()) {
      if (ended.size <= REMEMBERED_CALLS) break;
      ended.delete(key);
    }
    baselines = learnBaselines(ended.values());
  };
  return {
    async read(nowMs) {
      if (nowMs - learntAtMs >= LEARN_EVERY_MS) {
        await learn();
        learntAtMs = nowMs;
      }
      if (nowMs - contextsAtMs >= CONTEXTS_EVERY_MS) {
        contextOf = createContexts(await readHosts(store, nowMs));
        contextsAtMs = nowMs;
      }
      return { baselines, contextOf };
    },
  };
}

/** Texts are not learnt from. */
function lean(call: EndedRequest): EndedRequest {
  return { ...call, prompt: null, response: null, error: null };
}
