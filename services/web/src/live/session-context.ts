import type { FeedPosition, Frame, Snapshot } from '@llm-monitor/contracts/live';

import type { LiveFeed } from '../core/live-feed.ts';
import type { SharedReads } from './shared-reads.ts';

/** What a session needs of its socket. */
export interface Line {
  id: string;
  isOpen(): boolean;
  sendFrame(frame: Frame): void;
  /** Begins or ends to take part in the frames of a view. */
  join(demo: boolean): void;
  leave(): void;
  bufferedBytes(): number;
  dropQueue(): void;
}

/** What sessions share. */
export interface SessionContext {
  feed: LiveFeed;
  snapshots(demo: boolean): SharedReads<Snapshot>;
  /** What has no place in the feed, as it is now: who was away has missed it. */
  figures(demo: boolean): SharedReads<Frame>;
  /** One frame from there to now, out of Redis; undefined when only a snapshot helps. */
  readFrame(demo: boolean, from: FeedPosition): Promise<Frame | undefined>;
  /** Does the change feed flow? While it does not, browsers keep what they have and see its age. */
  isFed(): boolean;
  monotonicMs(): number;
}
