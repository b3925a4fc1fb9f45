/** Of this program's own backups; a greater one is of a newer program. */
export const ARCHIVE_VERSION = 1;
export const ARCHIVE_FORMAT = 'llm-monitor-backup';

/** The first line. */
export interface ArchiveHead {
  format: typeof ARCHIVE_FORMAT;
  version: number;
  /** The program that wrote it. */
  product: string;
  shards: number;
  /** When the data were as they are in it, RFC 3339. */
  at: string;
}

/**
 * A key, or a part of a large one: hash (fields and values in turn), sorted set (members and scores in turn), set or string; its
 * name; when it expires, ms since 1970, 0 for never.
 */
export type ArchiveEntry = readonly [
  kind: 'h' | 'z' | 's' | 't',
  key: string,
  expiresAtMs: number,
  values: readonly string[],
];

/** The last line. The digest is of all bytes before it, uncompressed. */
export interface ArchiveEnd {
  end: true;
  keys: number;
  requests: number;
  sha256: string;
}

/** Thrown for a file that cannot be restored; its message is for a person. */
export class ArchiveError extends Error {
  override name = 'ArchiveError';
}
