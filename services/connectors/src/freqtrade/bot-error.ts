import type { BotProblem } from '@llm-monitor/contracts/events';

/** A bot that does not answer as it should: `kind` decides, the message is for a person and holds no secret. */
export class BotError extends Error {
  override name = 'BotError';
  readonly kind: BotProblem['kind'];

  constructor(kind: BotProblem['kind'], message: string, options?: ErrorOptions) {
    super(message, options);
    this.kind = kind;
  }
}

const TLS_CODES =
  /^(ERR_TLS|ERR_SSL|CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO_|EPROTO|HOSTNAME_MISMATCH)/;

/** What a request that got no answer means. @param url without credentials */
export function toBotError(error: unknown, url: string, timeoutMs: number): BotError {
  if (error instanceof BotError) return error;
  const { name, message, cause } = error as Error;
  const { code = '', message: reason = message } = (cause ?? {}) as {
    code?: string;
    message?: string;
  };
  if (name === 'TimeoutError' || code.includes('TIMEOUT')) {
    return new BotError(
      'timeout',
      `${url} gave no answer in ${timeoutMs / 1000} s. Is the bot overloaded, or a firewall in between?`,
      { cause: error },
    );
  }
  if (TLS_CODES.test(code)) {
    return new BotError(
      'tls',
      `${url} cannot be trusted or speaks no HTTPS: ${reason} (${code}). Freqtrade itself speaks HTTP; give the certificate's authority as "ca" where a reverse proxy speaks HTTPS before it.`,
      { cause: error },
    );
  }
  return new BotError(
    'unreachable',
    `${url} cannot be reached: ${code || reason}. Does the bot run, is "enabled" of its api_server true, and is the address right?`,
    { cause: error },
  );
}
