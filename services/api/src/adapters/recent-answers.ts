/** Serialized answers that many askers share for a moment, so that Redis is read once however many ask. */
export interface RecentAnswers {
  /** The answer to `key`, if it is still fresh. */
  peek(key: string): string | Buffer | undefined;
  /** The answer to `key`: the fresh one, the one being read, or a new one. */
  get(key: string, read: () => Promise<unknown>): Promise<string | Buffer>;
}

/** Node writes a text together with its head, in one piece, and bytes by a write of their own. A longer text costs more to encode each time. */
const LONG = 8192;

/** @param options.elapsedMs a monotonic clock */
export function createRecentAnswers(options: {
  freshMs: number;
  maxKeys: number;
  elapsedMs: () => number;
  /** How an answer is written; JSON by default. */
  write?: (answer: unknown) => string;
}): RecentAnswers {
  const { freshMs, maxKeys, elapsedMs, write = JSON.stringify } = options;
  const answers = new Map<string, { body: string | Buffer; untilMs: number }>();
  const reading = new Map<string, Promise<string | Buffer>>();

  const peek = (key: string): string | Buffer | undefined => {
    const answer = answers.get(key);
    return answer && elapsedMs() < answer.untilMs ? answer.body : undefined;
  };
  const read = async (key: string, readValue: () => Promise<unknown>): Promise<string | Buffer> => {
    const text = write(await readValue());
    const body = text.length > LONG ? Buffer.from(text) : text;
    answers.delete(key);
    answers.set(key, { body, untilMs: elapsedMs() + freshMs });
    const oldest = answers.keys().next();
    if (answers.size > maxKeys && !oldest.done) answers.delete(oldest.value);
    return body;
  };
  return {
    peek,
    get(key, readValue) {
      const fresh = peek(key);
      if (fresh) return Promise.resolve(fresh);
      const underWay = reading.get(key);
      if (underWay) return underWay;
      // Not by the reading itself: one that fails at once would be over before it is noted.
      const begun = read(key, readValue).finally(() => reading.delete(key));
      reading.set(key, begun);
      return begun;
    },
  };
}
