import type { ChannelLanguage, Severity } from '@llm-monitor/contracts/alerts';

import type { Notification } from '../notification.ts';

/** One thing that is known of an alert, in words. */
export interface Fact {
  label: string;
  value: string;
}

/** One alert, in words. */
export interface MessageItem {
  what: Notification['what'];
  severity: Severity;
  /** An emoji that says how grave it is. */
  mark: string;
  title: string;
  facts: readonly Fact[];
  link: string;
}

/**
 * What a channel tells: one alert or several, in the language of the channel. All texts are single lines without control characters, and none is
 * escaped: each channel knows what its marks are.
 */
export interface Message {
  /** The same at each attempt: whoever gets it twice can tell. */
  id: string;
  channel: string;
  language: ChannelLanguage;
  /** Of the gravest. */
  what: Notification['what'];
  severity: Severity;
  mark: string;
  /** Without the mark. */
  title: string;
  /** The gravest ones; the rest is counted by `more`. */
  items: readonly MessageItem[];
  /** `and 20 more`; null where all of them are told. */
  more: string | null;
  link: string;
  /** What the link is called. */
  linkTitle: string;
  /** For programs: all that it tells of. */
  notifications: readonly Notification[];
  /** ms since 1970 */
  atMs: number;
}
