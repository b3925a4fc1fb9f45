import {
  AlertTestReply,
  type AlertTestCommand,
  type LocalizedText,
} from '@llm-monitor/contracts/alerts';
import { ALERT_TEST_SUBJECT } from '@llm-monitor/contracts/bus';
import { Value } from '@llm-monitor/contracts/typebox/value';

import { BUS_AWAY, ProblemError } from '../problem.ts';
import type { Bus } from './bus.ts';
import { whyUnanswered } from './why-unanswered.ts';

/** The other side has a quarter of a minute, and the alerts a little for themselves. */
const TIMEOUT_MS = 25_000;
const RETRY_AFTER_SECONDS = '2';

/**
 * Has the alerts try a channel: this service itself reaches nothing outside.
 * @throws {ProblemError} when nobody could
 */
export async function askToTryChannel(
  bus: Pick<Bus, 'connection'>,
  channel: string,
): Promise<AlertTestReply> {
  const connection = bus.connection();
  if (!connection) throw notNow(BUS_AWAY);
  const command: AlertTestCommand = { channel };
  const reply: unknown = await connection
    .request(ALERT_TEST_SUBJECT, JSON.stringify(command), { timeout: TIMEOUT_MS })
    .then((message) => message.json())
    .catch((error: Error) => {
      throw notNow(whyUnanswered(error, UNANSWERED));
    });
  if (Value.Check(AlertTestReply, reply)) return reply;
  throw notNow({
    en: 'The alerts answered with something that is no answer. Update them.',
    it: 'Il servizio degli avvisi è di un’altra versione. Aggiornalo.',
  });
}

/** What is said where nobody answers. */
const UNANSWERED = {
  subject: ALERT_TEST_SUBJECT,
  nobody: {
    en: 'No alerts service runs, and it alone tells people. Start it; ask again.',
    it: 'Nessun servizio degli avvisi è in funzione, e solo lui avvisa. Avvialo e riprova.',
  },
  late: {
    en: 'The alerts did not answer in time. See their log; ask again.',
    it: 'Il servizio degli avvisi non ha risposto in tempo. Guarda il suo log e riprova.',
  },
};

const notNow = (detail: LocalizedText) =>
  new ProblemError(503, 'The channel cannot be tried now', detail, {
    'retry-after': RETRY_AFTER_SECONDS,
  });
