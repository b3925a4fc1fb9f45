import { AlertPreview, type AlertRule, type LocalizedText } from '@llm-monitor/contracts/alerts';
import { ALERT_PREVIEW_SUBJECT } from '@llm-monitor/contracts/bus';
import { Value } from '@llm-monitor/contracts/typebox/value';

import { BUS_AWAY, ProblemError } from '../problem.ts';
import type { Bus } from './bus.ts';

const TIMEOUT_MS = 5000;
const RETRY_AFTER_SECONDS = '2';

/**
 * Asks the alerts what a rule would do now.
 * @throws {ProblemError} when none of them answers
 */
export async function askForPreview(
  bus: Pick<Bus, 'connection'>,
  rule: AlertRule,
): Promise<AlertPreview> {
  const connection = bus.connection();
  if (!connection) throw notNow(BUS_AWAY);
  const reply: unknown = await connection
    .request(ALERT_PREVIEW_SUBJECT, JSON.stringify(rule), { timeout: TIMEOUT_MS })
    .then((message) => message.json())
    .catch(() => {
      throw notNow({
        en: 'The alerts service does not answer. See that it runs; ask again.',
        it: 'Il servizio degli avvisi non risponde. Controlla che sia in funzione e riprova.',
      });
    });
  if (Value.Check(AlertPreview, reply)) return reply;
  const { error } = reply as { error?: string };
  throw notNow({
    en: `The alerts service could not look (${error ?? 'it is of another version'}).`,
    it: `Il servizio degli avvisi non ha potuto guardare (${error ?? 'è di un’altra versione'}).`,
  });
}

const notNow = (detail: LocalizedText) =>
  new ProblemError(503, 'Cannot be told now', detail, { 'retry-after': RETRY_AFTER_SECONDS });
