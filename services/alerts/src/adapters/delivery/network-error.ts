import { SendError } from '../../core/delivery/send-error.ts';
import { cleanText } from '../../core/message/clean-text.ts';

/** What happened, in words for whoever set the address. */
const REASONS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nobody listens there',
  ENOTFOUND: 'there is no machine of that name',
  EAI_AGAIN: 'DNS does not answer',
  ECONNRESET: 'the connection was broken off',
  EPIPE: 'the connection was broken off',
  UND_ERR_SOCKET: 'the connection was broken off',
  ETIMEDOUT: 'no answer in time',
  UND_ERR_CONNECT_TIMEOUT: 'no connection in time',
  UND_ERR_HEADERS_TIMEOUT: 'no answer in time',
  UND_ERR_BODY_TIMEOUT: 'no answer in time',
  EHOSTUNREACH: 'no way leads there',
  ENETUNREACH: 'no way leads there',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'its certificate is its own; NODE_EXTRA_CA_CERTS makes it known',
  SELF_SIGNED_CERT_IN_CHAIN: 'its certificate is not known; NODE_EXTRA_CA_CERTS makes it so',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'its certificate is not known; NODE_EXTRA_CA_CERTS makes it so',
  CERT_HAS_EXPIRED: 'its certificate has expired',
  ERR_TLS_CERT_ALTNAME_INVALID: 'its certificate is of another name',
};

/** A network's errors quote addresses; only the host is told. */
export function toNetworkError(error: unknown, host: string, signal: AbortSignal): SendError {
  if (error instanceof SendError) return error;
  const { code, message, cause } = error as Error & { code?: string; cause?: unknown };
  if (cause instanceof SendError) return cause;
  if (signal.aborted) return new SendError(`${host}: no answer in time`, { cause: error });
  const reason = (code && REASONS[code]) ?? cleanText(message, 200);
  return new SendError(`${host}: ${reason}`, { cause: error });
}
