import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { createGunzip } from 'node:zlib';

import { entryProblem } from '../../core/entry-problem.ts';
import {
  ARCHIVE_FORMAT,
  ARCHIVE_VERSION,
  ArchiveError,
  type ArchiveEnd,
  type ArchiveEntry,
  type ArchiveHead,
} from './archive-format.ts';
import { boundLines } from './bound-lines.ts';

/** A text of Node's holds somewhat more. What a backup writes is far below. */
const MAX_LINE_BYTES = 500 * 1024 * 1024;

/** What a backup holds. */
export interface ArchiveAccount {
  head: ArchiveHead;
  end: ArchiveEnd;
}

/**
 * Reads a backup from its beginning to its end.
 * @param onEntry is awaited
 * @throws {ArchiveError} when it is none, of a newer version, cut, changed, or holds what no store has: what was read until then is no backup
 */
export async function readArchive(
  path: string,
  onEntry?: (entry: ArchiveEntry, head: ArchiveHead) => Promise<void>,
): Promise<ArchiveAccount> {
  let head: ArchiveHead | undefined;
  let end: ArchiveEnd | undefined;
  const digest = createHash('sha256');
  const take = async (value: unknown, of: ArchiveHead) => {
    const problem = entryProblem(value, of.shards);
    if (problem !== undefined) throw broken(problem);
    await onEntry?.(value as ArchiveEntry, of);
  };
  for await (const line of linesOf(path)) {
    if (end) throw broken('something follows its end');
    const value = parse(line, head === undefined);
    if (!head) head = checkHead(value);
    else if (Array.isArray(value)) await take(value, head);
    else end = checkEnd(value, digest.copy().digest('hex'));
    digest.update(`${line}\n`);
  }
  if (!head) throw notOurs();
  if (!end) throw broken('its end is missing');
  return { head, end };
}

async function* linesOf(path: string): AsyncGenerator<string> {
  const file = createReadStream(path);
  const gunzip = file.pipe(createGunzip());
  const bounded = gunzip.pipe(boundLines(MAX_LINE_BYTES));
  file.on('error', (error) => gunzip.destroy(error));
  gunzip.on('error', (error) => bounded.destroy(error));
  // The lines may end in silence when what they come from breaks.
  let failure: Error | undefined;
  bounded.on('error', (error) => (failure ??= error));
  try {
    yield* createInterface({ input: bounded, crlfDelay: Infinity });
    if (failure) throw failure;
  } catch (error) {
    throw failure && error === failure ? explain(failure, path) : error;
  } finally {
    file.destroy();
    gunzip.destroy();
    bounded.destroy();
  }
}

function explain(error: NodeJS.ErrnoException, path: string): ArchiveError {
  if (error instanceof ArchiveError) return error;
  if (error.code === 'ENOENT') return new ArchiveError(`There is no file ${path}.`);
  if (error.code === 'Z_DATA_ERROR' && error.message.includes('header')) return notOurs();
  if (error.code?.startsWith('Z_')) return broken('it cannot be unpacked');
  return new ArchiveError(`${path} cannot be read: ${error.message}.`);
}

function parse(line: string, isFirst: boolean): unknown {
  try {
    return JSON.parse(line);
  } catch {
    throw isFirst ? notOurs() : broken('a line of it is not whole');
  }
}

function checkHead(value: unknown): ArchiveHead {
  const head = value as Partial<ArchiveHead> | null;
  if (head?.format !== ARCHIVE_FORMAT || !isCounted(head.version)) throw notOurs();
  const { version, product, shards, at } = head;
  if (version > ARCHIVE_VERSION) {
    throw new ArchiveError(
      `The backup was written by a newer program (${String(product)}). Update this one, then restore it.`,
    );
  }
  if (!isCounted(shards) || typeof product !== 'string' || Number.isNaN(Date.parse(String(at)))) {
    throw broken('its first line is wrong');
  }
  return head as ArchiveHead;
}

function checkEnd(value: unknown, sha256: string): ArchiveEnd {
  const end = value as Partial<ArchiveEnd> | null;
  if (end?.end !== true) throw broken('a line of it is unknown');
  if (end.sha256 !== sha256) throw broken('its checksum is wrong');
  if (!Number.isSafeInteger(end.keys) || !Number.isSafeInteger(end.requests)) {
    throw broken('its last line is wrong');
  }
  return end as ArchiveEnd;
}

const isCounted = (value: unknown): value is number =>
  Number.isSafeInteger(value) && Number(value) >= 1;

const notOurs = () => new ArchiveError('The file is no backup of LLM Monitor.');
const broken = (how: string) =>
  new ArchiveError(`The backup is damaged: ${how}. Nothing was restored; take another one.`);
