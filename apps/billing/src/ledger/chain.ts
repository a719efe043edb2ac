import { sha256Hex } from '@doorstep/kernel';

/** An entry as the chain covers it: every stored value as text or number, nothing derived. */
export interface ChainedEntry {
  id: string;
  number: number;
  contractId: string;
  bookedOn: string;
  reason: string;
  sourceType: string;
  sourceId: string;
  idempotencyKey: string;
  /** To the microsecond, in UTC. */
  recordedAt: string;
  /** With the names of their accounts, so that an account can't be renamed behind the chain either. */
  lines: readonly (readonly (string | number | null)[])[];
}

/** What stands before the first link. */
export const GENESIS = '0'.repeat(64);

/**
 * SHA-256 over the hash before and the entry, as canonical JSON: its names are written in their order here, and lines hold
 * plain values alone, so that JSON itself comes to the same text in half the time.
 */
export function linkHash(previous: string, entry: ChainedEntry): string {
  const content = {
    bookedOn: entry.bookedOn,
    contractId: entry.contractId,
    id: entry.id,
    idempotencyKey: entry.idempotencyKey,
    lines: entry.lines,
    number: entry.number,
    previous,
    reason: entry.reason,
    recordedAt: entry.recordedAt,
    sourceId: entry.sourceId,
    sourceType: entry.sourceType,
  };
  return sha256Hex(JSON.stringify(content));
}

/** A link as it is stored, with the entry as it is now; null when the entry is gone. */
export interface Link {
  position: number;
  entryId: string;
  hash: string;
  entry: ChainedEntry | null;
}

export const BREAKS = ['link_missing', 'entry_missing', 'entry_changed'] as const;
export interface Break {
  position: number;
  entryId: string | null;
  what: (typeof BREAKS)[number];
}

/**
 * Walks links in their order, from the hash before the first of them.
 *
 * @returns the first broken link, or the hash after the last
 */
export function walk(
  links: readonly Link[],
  start: { position: number; hash: string },
): { broken: Break } | { broken: null; hash: string; position: number } {
  let { hash, position } = start;
  for (const link of links) {
    position += 1;
    if (link.position !== position) return { broken: { position, entryId: null, what: 'link_missing' } };
    const { entryId } = link;
    if (!link.entry) return { broken: { position, entryId, what: 'entry_missing' } };
    hash = linkHash(hash, link.entry);
    if (hash !== link.hash) return { broken: { position, entryId, what: 'entry_changed' } };
  }
  return { broken: null, hash, position };
}
