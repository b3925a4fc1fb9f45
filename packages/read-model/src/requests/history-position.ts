/** A place in the history: newest end first, then by member, descending; nobody else stands there. */
export interface HistoryPosition {
  endedAtMs: number;
  /** `<id>:<app>` */
  member: string;
}

/** Does `a` come after `b` when walking from new to old? */
export function isAfter(a: HistoryPosition, b: HistoryPosition): boolean {
  return a.endedAtMs < b.endedAtMs || (a.endedAtMs === b.endedAtMs && a.member < b.member);
}

const FORM = /^1\|(\d{1,16}(?:\.\d+)?)\|([A-Za-z0-9_-]{1,64}:[A-Za-z0-9_-]{1,256})$/;

/** A position as text for URLs; its form may change between versions. */
export function encodeCursor({ endedAtMs, member }: HistoryPosition): string {
  return Buffer.from(`1|${endedAtMs}|${member}`, 'latin1').toString('base64url');
}

/** The reverse of {@link encodeCursor}; undefined for anything that it did not write. */
export function decodeCursor(cursor: string): HistoryPosition | undefined {
  const match = FORM.exec(Buffer.from(cursor, 'base64url').toString('latin1'));
  if (!match?.[1] || !match[2]) return undefined;
  const position = { endedAtMs: Number(match[1]), member: match[2] };
  return encodeCursor(position) === cursor ? position : undefined;
}
