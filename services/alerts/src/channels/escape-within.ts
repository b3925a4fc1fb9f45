import { cutText } from '@llm-monitor/contracts/events';

/**
 * An escaped text of at most so many code units. What escaping adds counts there too: a message that is too long is refused for good. No
 * escape is cut through.
 */
export function escapeWithin(
  text: string,
  length: number,
  escape: (text: string) => string,
): string {
  let kept = length;
  let escaped = escape(cutText(text, kept));
  while (escaped.length > length && kept > 0) {
    kept -= 1;
    escaped = escape(cutText(text, kept));
  }
  return escaped;
}
