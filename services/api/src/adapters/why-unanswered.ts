import type { LocalizedText } from '@llm-monitor/contracts/alerts';
import { errors } from '@nats-io/transport-node';

/** Why who was asked over NATS did not answer. */
export function whyUnanswered(
  error: Error,
  asked: {
    subject: string;
    /** Nobody hears it. */
    nobody: LocalizedText;
    /** Somebody does, and was too slow. */
    late: LocalizedText;
  },
): LocalizedText {
  if (error instanceof errors.RequestError && error.isNoResponders()) return asked.nobody;
  if (!/permission/i.test(error.message)) return asked.late;
  return {
    en: `NATS does not let this service ask. Allow its user to publish ${asked.subject}.`,
    it: `NATS non permette a questo servizio di chiedere. Permetti al suo utente di pubblicare ${asked.subject}.`,
  };
}
