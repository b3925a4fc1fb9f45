/** A call of a model that is passing through a proxy of this agent now. */
export interface RunningCall {
  app: string;
  /** Unknown of a call that another agent has named. */
  requestId?: string;
  /** `host:port` of the server that works on it. */
  upstream: string;
}

/** Which calls run, for those who watch the servers. */
export interface RunningCalls {
  list(): readonly RunningCall[];
}

/** The same, for those who know when calls begin and end. */
export interface RunningCallList extends RunningCalls {
  /** Returns what takes it out again. */
  add(call: RunningCall): () => void;
}

export function createRunningCalls(): RunningCallList {
  const calls = new Set<RunningCall>();
  return {
    list: () => [...calls],
    add(call) {
      calls.add(call);
      return () => void calls.delete(call);
    },
  };
}
