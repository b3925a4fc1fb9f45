import type { RequestRecord } from '@llm-monitor/contracts/redis';
import { isEnded, statusOfOutcome } from '@llm-monitor/contracts/rest';

import { ProblemError } from '../problem.ts';

/**
 * The one running call among those of an id.
 * @param records the newest first
 * @param app whose; without it only one app may run a call of that id
 * @throws a 404 or 409 that says what to do
 */
export function findCancellable(
  records: readonly RequestRecord[],
  app: string | undefined,
): RequestRecord {
  const own = app === undefined ? records : records.filter((record) => record.app === app);
  const [newest] = own;
  if (!newest) {
    const known = records.map((record) => record.app).join(', ');
    throw new ProblemError(
      404,
      'No such request',
      known
        ? `No call of that id is kept for that app. Calls of that id are of: ${known}.`
        : 'No call of that id is kept. /api/active lists those that run.',
    );
  }
  const [running, ...others] = own.filter((record) => !isEnded(record));
  if (!running) {
    const status = statusOfOutcome(newest.outcome ?? 'orphaned');
    throw new ProblemError(
      409,
      'Already ended',
      `This call has ended (${status}): there is nothing left to cancel.`,
    );
  }
  if (others.length > 0) {
    const apps = [running, ...others].map((record) => record.app).join(', ');
    throw new ProblemError(
      409,
      'Ambiguous',
      `Several apps run a call of that id: ${apps}. Say whose with ?app=.`,
    );
  }
  return running;
}
