/** The body of a Request, which can only be read later. */
export class PendingBody {
  text: string | undefined;
}

/** Begins to read a copy of a request's body. One that is in memory is there long before anybody asks for it. */
export function readClone(request: Request): PendingBody {
  const pending = new PendingBody();
  request
    .clone()
    .text()
    .then((text) => (pending.text = text))
    // The app gets the error of its own body from the fetch itself.
    .catch(() => undefined);
  return pending;
}
