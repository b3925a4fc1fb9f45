import type { Message, MessageItem } from './message.ts';

/** A message without any marks, for whoever shows text as it is: mail, ntfy, NATS. */
export function plainText(message: Message): string {
  const [first, ...others] = message.items;
  const parts =
    first && others.length === 0
      ? [factLines(first)]
      : message.items.map((item) => `${headLine(item)}\n${factLines(item)}\n${item.link}`);
  return [
    ...parts,
    ...(message.more === null ? [] : [message.more]),
    `${message.linkTitle}: ${message.link}`,
  ].join('\n\n');
}

/** The mark and the title. */
export const headLine = ({ mark, title }: Pick<Message, 'mark' | 'title'>): string =>
  `${mark} ${title}`;

/** One line for each. */
export const factLines = ({ facts }: MessageItem): string =>
  facts.map(({ label, value }) => `${label}: ${value}`).join('\n');
