/** Longest prompt or response preview, in UTF-16 code units, before the ellipsis. */
export const PREVIEW_LENGTH = 200;

/**
 * Cuts a text to `length` UTF-16 code units and appends `…` when something was cut.
 * Never leaves half of a surrogate pair behind.
 */
export function cutText(text: string, length: number = PREVIEW_LENGTH): string {
  if (text.length <= length || (text.length === length + 1 && text.endsWith('…'))) return text;
  const last = text.charCodeAt(length - 1);
  const endsInHighSurrogate = last >= 0xd800 && last <= 0xdbff;
  return `${text.slice(0, endsInHighSurrogate ? length - 1 : length)}…`;
}
