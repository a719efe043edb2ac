import type { CarerScope } from './carer-grant';
import type { CarerGrantDto } from './carers.dto';

export interface CarerGrantRow {
  id: string;
  operatorId: string;
  residentId: string;
  carerId: string;
  kind: 'resident' | 'account';
  scopes: CarerScope[];
  grantedBy: string;
  startsAt: Date;
  endsAt: Date | null;
  withdrawnAt: Date | null;
}

const GRANT = `
  SELECT g.id, g.operator_id AS "operatorId", g.resident_id AS "residentId", g.carer_id AS "carerId",
         CASE WHEN g.account_id IS NULL THEN 'resident' ELSE 'account' END AS kind, g.scopes,
         g.granted_by AS "grantedBy", g.starts_at AS "startsAt", g.ends_at AS "endsAt", g.withdrawn_at AS "withdrawnAt"
  FROM carer_grant g`;

export const INSERT_GRANT = `
  INSERT INTO carer_grant (id, operator_id, resident_id, carer_resident_id, account_id, client_id, scopes, granted_by,
                           starts_at, ends_at, created_by, created_at)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`;

/** `$1` grant · `$2` the resident whom it is about. */
export const GRANT_OF = `${GRANT} WHERE g.id = $1 AND g.resident_id = $2`;

/** `$3` now · `$4` who withdraws. What was withdrawn before stays as it was. */
export const WITHDRAW_GRANT = `
  UPDATE carer_grant SET withdrawn_by = CASE WHEN withdrawn_at IS NULL THEN $4::uuid ELSE withdrawn_by END,
                         withdrawn_at = coalesce(withdrawn_at, $3)
  WHERE id = $1 AND resident_id = $2`;

/** `$1` resident · `$2` the last id seen, or null · `$3` limit. */
export const GRANTS_OF_RESIDENT = `
  ${GRANT} WHERE g.resident_id = $1 AND ($2::uuid IS NULL OR g.id > $2) ORDER BY g.id LIMIT $3`;

/** For the export of a person's data. */
export const GRANTS_ABOUT = `${GRANT} WHERE g.resident_id = $1 OR g.carer_id = $1 ORDER BY g.id`;

/** `$1` carer, also by an id that leads on · `$2` now · `$3` the API client that asks. */
const STANDING = `
  g.carer_id = coalesce((SELECT merged_into FROM resident WHERE id = $1), $1) AND g.withdrawn_at IS NULL AND g.starts_at <= $2 AND (g.ends_at IS NULL OR g.ends_at > $2)
  AND (g.client_id IS NULL OR g.client_id = $3)`;

/** `$4` resident. */
export const STANDING_GRANT = `${GRANT} WHERE ${STANDING} AND g.resident_id = $4`;

/** Held until the end of the transaction: who withdraws it waits, or was first. */
export const STANDING_GRANT_FOR_USE = `${STANDING_GRANT} FOR SHARE OF g`;

/** `$4` the last id seen, or null · `$5` limit. */
export const STANDING_GRANTS = `
  ${GRANT} WHERE ${STANDING} AND ($4::uuid IS NULL OR g.id > $4) ORDER BY g.id LIMIT $5`;

/** `$1` booking · `$2` carer · `$3` grant. */
export const BOOKED_BY = `UPDATE booking SET booked_by = $2, carer_grant_id = $3 WHERE id = $1`;

export function showGrant(row: CarerGrantRow): CarerGrantDto {
  const { id, residentId, carerId, kind, scopes, grantedBy, startsAt, endsAt, withdrawnAt } = row;
  return {
    ...{ id, residentId, carerId, kind, scopes, grantedBy },
    from: startsAt.toISOString(),
    ...(endsAt !== null && { to: endsAt.toISOString() }),
    ...(withdrawnAt !== null && { withdrawnAt: withdrawnAt.toISOString() }),
  };
}
