import type { LocalizedText } from '@llm-monitor/contracts/alerts';

/** An answer that is an error: RFC 9457. `detail` tells the caller what to do. */
export class ProblemError extends Error {
  override name = 'ProblemError';
  readonly status: number;
  readonly title: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly members: Readonly<Record<string, unknown>>;

  /**
   * @param detail what pages show to people is said in their languages
   * @param members further members of the body
   */
  constructor(
    status: number,
    title: string,
    detail: string | LocalizedText,
    headers: Record<string, string> = {},
    members: Record<string, unknown> = {},
  ) {
    const { en, ...details } = typeof detail === 'string' ? { en: detail } : detail;
    super(en);
    this.status = status;
    this.title = title;
    this.headers = headers;
    this.members = 'it' in details ? { details, ...members } : members;
  }
}

/** Of NATS, to which those who were asked belong. */
export const BUS_AWAY: LocalizedText = {
  en: 'NATS is away. See that it runs at NATS_URL; ask again.',
  it: 'NATS non risponde. Controlla che sia in funzione a NATS_URL e riprova.',
};

/** @param form what the parameter takes */
export function badParameter(name: string, given: string, form: string): ProblemError {
  return new ProblemError(
    400,
    'Bad parameter',
    `"${name}" takes ${form}; it is "${shorten(given)}".`,
  );
}

const SHOWN_LENGTH = 100;

function shorten(text: string): string {
  return text.length > SHOWN_LENGTH ? `${text.slice(0, SHOWN_LENGTH)}…` : text;
}
