import { Injectable } from '@nestjs/common';
import { notFound } from '@doorstep/kernel';
import type { Tx } from '@doorstep/platform';
import { BookingsConfig } from '../config';
import { keyFromBase64, Keyring, seal, unsealAny } from './sealing';

interface WrappedKey {
  residentId: string;
  wrapped: Buffer;
}

/** The residents' own keys: made, fetched, destroyed. Nothing outside of this folder sees one. */
@Injectable()
export class ResidentKeys {
  readonly ring: Keyring;

  constructor(config: BookingsConfig) {
    this.ring = new Keyring(keyFromBase64(config.masterKey), keyFromBase64(config.contactKey));
  }

  newKey(): Buffer {
    return this.ring.newDataKey();
  }

  /** Keeps a new resident's key, wrapped. */
  async store(tx: Tx, residentId: string, operatorId: string, key: Buffer): Promise<void> {
    await tx.sql(
      `INSERT INTO resident_key (resident_id, operator_id, wrapped, master_key_id) VALUES ($1, $2, $3, $4)`,
      [residentId, operatorId, this.ring.wrap(key, residentId), this.ring.masterKeyId],
    );
  }

  /** Keys of those residents who still have one. */
  async of(tx: Tx, residentIds: readonly string[]): Promise<Map<string, Buffer>> {
    const rows = await tx.sql<WrappedKey>(
      `SELECT resident_id AS "residentId", wrapped FROM resident_key WHERE resident_id = ANY ($1::uuid[])`,
      [residentIds],
    );
    return new Map(
      rows.map(({ residentId, wrapped }) => [residentId, this.ring.unwrap(wrapped, residentId)]),
    );
  }

  /**
   * All keys that open what is a resident's: their own, and those of records that were merged into theirs. Sealing is done
   * with the own one alone.
   */
  async opening(tx: Tx, residentIds: readonly string[]): Promise<Map<string, Buffer[]>> {
    const rows = await tx.sql<WrappedKey & { ownerId: string }>(
      `SELECT asked.id AS "ownerId", k.resident_id AS "residentId", k.wrapped
       FROM unnest($1::uuid[]) AS asked (id)
       JOIN resident r ON r.id = asked.id OR r.merged_into = asked.id
       JOIN resident_key k ON k.resident_id = r.id
       ORDER BY r.id <> asked.id, r.id`,
      [[...new Set(residentIds)]],
    );
    const keys = new Map<string, Buffer[]>();
    for (const { ownerId, residentId, wrapped } of rows) {
      const key = this.ring.unwrap(wrapped, residentId);
      keys.set(ownerId, [...(keys.get(ownerId) ?? []), key]);
    }
    return keys;
  }

  /** From here on nothing that was sealed with it can be read, in no backup made later and on no replica. */
  async destroy(tx: Tx, residentId: string): Promise<void> {
    await tx.sql(
      `DELETE FROM resident_key k USING resident r
       WHERE r.id = k.resident_id AND (r.id = $1 OR r.merged_into = $1)`,
      [residentId],
    );
  }

  async sealNote(tx: Tx, residentId: string, bookingId: string, note: string): Promise<Buffer> {
    const key = (await this.of(tx, [residentId])).get(residentId);
    if (!key) throw notFound('resident', residentId);
    return seal(key, note, bookingId);
  }

  /** Undefined after erasure. */
  async openNote(tx: Tx, residentId: string, bookingId: string, sealed: Buffer): Promise<string | undefined> {
    const keys = (await this.opening(tx, [residentId])).get(residentId);
    return keys && unsealAny(keys, sealed, bookingId).toString('utf8');
  }
}
