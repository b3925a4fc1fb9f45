/** How bad it is: `note` is worth knowing, `warning` may hurt later, `problem` hurts now. */
export type Level = 'ok' | 'note' | 'warning' | 'problem';

/** One thing that was looked at. */
export interface Finding {
  level: Level;
  /** What was looked at, in a word or two. */
  subject: string;
  /** How it is. */
  detail: string;
  /** The way out: what to type or to change. */
  fix?: string;
}

type Say = (subject: string, detail: string, fix?: string) => Finding;

const say =
  (level: Level): Say =>
  (subject, detail, fix) => ({ level, subject, detail, ...(fix === undefined ? {} : { fix }) });

export const ok = say('ok');
export const note = say('note');
export const warning = say('warning');
export const problem = say('problem');
