import type { ResidentSnapshot } from '@doorstep/contracts';
import type { Received, Tx } from '@doorstep/platform';
import { newestByKey } from '../shared/newest';

/** Keeps the newest snapshot of each resident; an erased one loses its contact for good. */
export async function keepContacts(tx: Tx, batch: Received<ResidentSnapshot>[]): Promise<void> {
  const rows = newestByKey(batch).map(({ data, version }) => ({ ...data, version }));
  const contactOf = (row: ResidentSnapshot) => (row.erased ? undefined : row.contact);
  await tx.sql(
    `INSERT INTO resident_contact AS known
       (resident_id, operator_id, version, consent, erased, key_id, wrapped_key, sealed)
     SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::bigint[], $4::boolean[], $5::boolean[],
                          $6::text[], $7::text[], $8::text[])
     ON CONFLICT (resident_id) DO UPDATE
       SET operator_id = excluded.operator_id, version = excluded.version, consent = excluded.consent,
           erased = excluded.erased, key_id = excluded.key_id, wrapped_key = excluded.wrapped_key,
           sealed = excluded.sealed
       WHERE excluded.version > known.version AND (excluded.erased OR NOT known.erased)`,
    [
      rows.map((row) => row.residentId),
      rows.map((row) => row.operatorId),
      rows.map((row) => row.version),
      rows.map((row) => row.notificationConsent),
      rows.map((row) => row.erased),
      rows.map((row) => contactOf(row)?.keyId ?? null),
      rows.map((row) => contactOf(row)?.wrappedKey ?? null),
      rows.map((row) => contactOf(row)?.sealed ?? null),
    ],
  );
}
