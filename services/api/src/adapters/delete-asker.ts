import type { LocalizedText } from '@llm-monitor/contracts/alerts';
import { DELETE_SUBJECT } from '@llm-monitor/contracts/bus';
import { DeleteReply, type DeleteCommand } from '@llm-monitor/contracts/events';
import type { Deletion } from '@llm-monitor/contracts/rest';
import { Value } from '@llm-monitor/contracts/typebox/value';

import { BUS_AWAY, ProblemError } from '../problem.ts';
import type { Bus } from './bus.ts';
import { whyUnanswered } from './why-unanswered.ts';

/** A collector takes a second or two for a step. */
const STEP_TIMEOUT_MS = 15_000;
/** Who asks may wait for so long; then it gets a cursor. */
const PATIENCE_MS = 5000;
const RETRY_AFTER_SECONDS = '2';

/**
 * Has collectors delete, step by step, for some seconds.
 * @throws {ProblemError} when nobody does it, or the call runs
 */
export async function askToDelete(
  bus: Pick<Bus, 'connection'>,
  command: DeleteCommand,
  elapsedMs: () => number,
): Promise<Deletion> {
  const endMs = elapsedMs() + PATIENCE_MS;
  const sum = { deleted: 0, running: 0 };
  let { cursor } = command;
  for (;;) {
    const step = await askForStep(bus, cursor === undefined ? command : { ...command, cursor });
    sum.deleted += step.deleted;
    sum.running += step.running;
    cursor = step.next;
    if (cursor === undefined) return { ...sum, done: true, cursor: null };
    if (elapsedMs() >= endMs) return { ...sum, done: false, cursor };
  }
}

async function askForStep(bus: Pick<Bus, 'connection'>, command: DeleteCommand) {
  const connection = bus.connection();
  if (!connection) throw notNow(BUS_AWAY);
  const reply = await connection
    .request(DELETE_SUBJECT, JSON.stringify(command), { timeout: STEP_TIMEOUT_MS })
    .then((message) => message.json())
    .catch((error: Error) => {
      throw notNow(whyUnanswered(error, UNANSWERED));
    });
  if (!Value.Check(DeleteReply, reply)) {
    throw notNow({
      en: 'A collector answered with something that is no answer. Update it.',
      it: 'Un collector è di un’altra versione. Aggiornalo.',
    });
  }
  if (!('problem' in reply)) return reply;
  if (reply.problem === 'running') throw stillRuns();
  if (reply.problem === 'not-understood') {
    throw new ProblemError(502, 'Not understood', {
      en: 'A collector is of another version. Update it.',
      it: 'Un collector è di un’altra versione. Aggiornalo.',
    });
  }
  throw notNow({
    en: `A collector could not do it (${reply.reason}). Asking again goes on.`,
    it: `Un collector non ci è riuscito (${reply.reason}). Riprovando si continua da lì.`,
  });
}

/** What is said where nobody answers. */
const UNANSWERED = {
  subject: DELETE_SUBJECT,
  nobody: {
    en: 'No collector runs, and they alone delete. Start one; ask again.',
    it: 'Nessun collector è in funzione, e solo loro eliminano. Avviane uno e riprova.',
  },
  late: {
    en: 'The collector that was asked did not answer in time. Asking again goes on.',
    it: 'Il collector non ha risposto in tempo. Riprovando si continua da lì.',
  },
};

const notNow = (detail: LocalizedText) =>
  new ProblemError(503, 'Nothing can be deleted now', detail, {
    'retry-after': RETRY_AFTER_SECONDS,
  });

export const stillRuns = () =>
  new ProblemError(409, 'The call runs', {
    en: 'Only calls that have ended can be deleted. Cancel it first, or wait for its end.',
    it: 'Si eliminano solo chiamate terminate. Prima annullala, o aspetta che finisca.',
  });
