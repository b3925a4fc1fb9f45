/** One server-sent event with JSON in it; named by its `type` where that protocol names its events. */
export function serverSentEvent(data: unknown, name?: string): string {
  const named = name === undefined ? '' : `event: ${name}\n`;
  return `${named}data: ${JSON.stringify(data)}\n\n`;
}

/** An event that is named as its `type` says. */
export function typedEvent(data: { type: string } & Record<string, unknown>): string {
  return serverSentEvent(data, data.type);
}
