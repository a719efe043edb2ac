/** Consecutive work for one handler. */
export interface Group<T> {
  route: string;
  items: T[];
}

/**
 * Cuts a sequence into groups of one route each, as few as a single pass can make, such that working through the groups
 * in order meets each key's items in their original order. Items of different keys may change places.
 *
 * Each item goes to the first group of its route that isn't before the group of its key's previous item.
 */
export function groupByRoute<T>(
  items: readonly T[],
  keyOf: (item: T) => string,
  routeOf: (item: T) => string,
): Group<T>[] {
  const groups: Group<T>[] = [];
  const lastGroupOfKey = new Map<string, number>();
  for (const item of items) {
    const key = keyOf(item);
    const route = routeOf(item);
    let place = lastGroupOfKey.get(key) ?? 0;
    while (place < groups.length && groups[place].route !== route) place++;
    if (place === groups.length) groups.push({ route, items: [] });
    groups[place].items.push(item);
    lastGroupOfKey.set(key, place);
  }
  return groups;
}

/**
 * Deals a batch into lanes that may run side by side: all items of a key into one lane, in order. Small batches get few
 * lanes, because one transaction over many events is cheaper than many over few.
 */
export function lanesOf<T>(
  items: readonly T[],
  keyOf: (item: T) => string,
  options: { lanesMax: number; itemsPerLane: number },
): T[][] {
  const count = Math.min(options.lanesMax, Math.ceil(items.length / options.itemsPerLane));
  const lanes: T[][] = Array.from({ length: count }, () => []);
  for (const item of items) lanes[hash(keyOf(item)) % count].push(item);
  return lanes.filter((lane) => lane.length > 0);
}

/** Cuts a sequence into runs of about the same length, none longer than `max`. */
export function sharesOf<T>(items: readonly T[], max: number): T[][] {
  const length = Math.ceil(items.length / Math.ceil(items.length / max));
  const shares: T[][] = [];
  for (let start = 0; start < items.length; start += length) shares.push(items.slice(start, start + length));
  return shares;
}

/** FNV-1a, 32 bits. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) value = Math.imul(value ^ text.charCodeAt(i), 0x01000193);
  return value >>> 0;
}

/** Which offsets of a batch are done, and how far without a gap: only that far may the group's offset move. */
export class FinishedPrefix {
  private readonly done = new Set<number>();
  private next = 0;

  /** @param offsets of the batch, ascending */
  constructor(private readonly offsets: readonly number[]) {}

  /** @returns the last offset of the finished prefix when it grew, else undefined */
  finish(offset: number): number | undefined {
    this.done.add(offset);
    const before = this.next;
    while (this.next < this.offsets.length && this.done.delete(this.offsets[this.next])) this.next++;
    return this.next > before ? this.offsets[this.next - 1] : undefined;
  }

  get isWhole(): boolean {
    return this.next === this.offsets.length;
  }
}
