/** An answer that is an error: RFC 9457. `detail` tells the caller what to do. */
export class ProblemError extends Error {
  override name = 'ProblemError';
  readonly status: number;
  readonly title: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly members: Readonly<Record<string, unknown>>;

  /** @param members further members of the body */
  constructor(
    status: number,
    title: string,
    detail: string,
    headers: Record<string, string> = {},
    members: Record<string, unknown> = {},
  ) {
    super(detail);
    this.status = status;
    this.title = title;
    this.headers = headers;
    this.members = members;
  }
}

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
