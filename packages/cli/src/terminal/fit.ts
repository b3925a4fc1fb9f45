import stringWidth from 'string-width';

const CHARACTERS = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

/** Columns that a text takes on a terminal: 2 for each wide character, 0 for colours and what combines. */
export const widthOf = (text: string): number => stringWidth(text);

/** At most so many columns of a text without colours; `…` says that something is missing. */
export function clip(text: string, width: number): string {
  // A character takes no more columns than it has code units, but for the wide ones.
  if (text.length * 2 <= width || widthOf(text) <= width) return text;
  if (width < 1) return '';
  let kept = '';
  let used = 0;
  for (const { segment } of CHARACTERS.segment(text)) {
    const next = used + widthOf(segment);
    if (next > width - 1) break;
    kept += segment;
    used = next;
  }
  return `${kept}…`;
}

/** Exactly so many columns: clipped, or filled with blanks. */
export function fit(text: string, width: number, align: 'left' | 'right' = 'left'): string {
  const clipped = clip(text, width);
  const blanks = ' '.repeat(Math.max(0, width - widthOf(clipped)));
  return align === 'right' ? blanks + clipped : clipped + blanks;
}
