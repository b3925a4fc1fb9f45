import { cutText } from '@llm-monitor/contracts/events';

/** Control and format characters, line ends of all kinds, halves of pairs: what could end a header or turn a line around. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\s]+/gu;
const NAME_LENGTH = 120;

/** A name from outside as one short line that can be seen. What it means to a channel that channel escapes. */
export function cleanText(text: string, length: number = NAME_LENGTH): string {
  return cutText(text.replace(UNSEEN, ' ').trim(), length);
}
