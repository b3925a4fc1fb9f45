import { blockPlace } from '@llm-monitor/contracts/redis';

/** What is added to one block of a hash of counts: to which of its buckets, and how much. The same objects serve one hash after the other. */
export interface BlockSums {
  readonly block: string;
  /** Bucket, number, bucket, number; as many of them as `length` says. */
  readonly added: number[];
  length: number;
}

interface Place {
  sums: BlockSums;
  index: number;
}

const blocks = new Map<string, BlockSums>();
/** Collectors ask for the same few hundred names thousands of times a second. */
const places = new Map<string, Place | undefined>();

/** Collects what is added to the blocks of one hash. */
export class BlockList {
  private readonly list: BlockSums[] = [];
  private used = 0;

  clear(): void {
    for (const sums of this.sums()) sums.length = 0;
    this.used = 0;
  }

  /** @returns false for a field that is in no block */
  add(field: string, value: number): boolean {
    const place = placeOf(field);
    if (!place) return false;
    const { sums, index } = place;
    if (sums.length === 0) this.list[this.used++] = sums;
    sums.added[sums.length++] = index;
    sums.added[sums.length++] = value;
    return true;
  }

  sums(): readonly BlockSums[] {
    this.list.length = this.used;
    return this.list;
  }
}

function placeOf(field: string): Place | undefined {
  const known = places.get(field);
  if (known !== undefined || places.has(field)) return known;
  const found = blockPlace(field);
  const place = found && { sums: sumsOf(found.block), index: found.index };
  places.set(field, place);
  return place;
}

function sumsOf(block: string): BlockSums {
  const known = blocks.get(block);
  if (known) return known;
  const sums = { block, added: [], length: 0 };
  blocks.set(block, sums);
  return sums;
}
