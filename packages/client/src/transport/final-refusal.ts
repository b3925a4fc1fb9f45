/**
 * What an SDK that takes any abort but its own for a time-out, and tries again, gets of a call that was aborted from outside before it was
 * answered: an answer that it does not try again after. OpenAI's and Anthropic's are such, and count their attempts in a header.
 */
export function finalRefusal(): Response {
  const error = { type: 'cancelled', message: 'This call was cancelled from outside of the app.' };
  return new Response(JSON.stringify({ type: 'error', error }), {
    status: 499,
    statusText: 'Client Closed Request',
    headers: { 'content-type': 'application/json', 'x-should-retry': 'false' },
  });
}
