/** Something that a person can put right. The hint says how; a stack would only hide that. */
export class CliError extends Error {
  override name = 'CliError';
  readonly hint: string | undefined;

  constructor(message: string, options: { hint?: string; cause?: unknown } = {}) {
    super(message, { cause: options.cause });
    this.hint = options.hint;
  }
}
