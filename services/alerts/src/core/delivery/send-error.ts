/** Why a message was not taken. `permanent`: trying again cannot help, settings have to change. */
export class SendError extends Error {
  readonly permanent: boolean;
  /** When the other side wants to be asked again, ms from now. */
  readonly retryAfterMs: number | undefined;

  constructor(
    message: string,
    options: { permanent?: boolean; retryAfterMs?: number | undefined; cause?: unknown } = {},
  ) {
    super(message, options.cause === undefined ? {} : { cause: options.cause });
    this.name = 'SendError';
    this.permanent = options.permanent ?? false;
    this.retryAfterMs = options.retryAfterMs;
  }
}
