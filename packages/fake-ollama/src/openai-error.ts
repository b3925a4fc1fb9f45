const TYPES: Readonly<Record<number, string>> = {
  400: 'invalid_request_error',
  404: 'not_found_error',
  429: 'rate_limit_error',
};

/** A refusal in OpenAI's form. */
export function openaiError(status: number, message: string) {
  return { error: { message, type: errorType(status), param: null, code: null } };
}

/** A refusal in Anthropic's form. */
export function anthropicError(status: number, message: string) {
  return { type: 'error', error: { type: errorType(status), message } };
}

function errorType(status: number): string {
  return TYPES[status] ?? 'api_error';
}
