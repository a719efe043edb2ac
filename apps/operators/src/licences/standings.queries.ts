import type { Day } from '@doorstep/kernel';
import type { Tx } from '@doorstep/platform';
import { anotherHolds, AT_OPEN_SITE } from './licences.queries';
import type { Block, Enforcement, LicensedOffering, Reminder, Requirement } from './standing';

export interface StoredStanding {
  siteId: string;
  operatorId: string;
  regionCode: string;
  blocks: Block[];
  nextChangeOn: Day | null;
  version: number;
}

/** Locks the standings first, so that whoever comes second reads the licences that the first has brought. */
export async function lockStandings(tx: Tx, siteIds: readonly string[]): Promise<StoredStanding[]> {
  await tx.sql(
    `INSERT INTO site_licence_standing (site_id, operator_id)
     SELECT site_id, operator_id FROM known_site WHERE site_id = ANY ($1) ORDER BY site_id ON CONFLICT DO NOTHING`,
    [siteIds],
  );
  await tx.sql(`SELECT FROM site_licence_standing WHERE site_id = ANY ($1) ORDER BY site_id FOR UPDATE`, [
    siteIds,
  ]);
  const rows = await tx.sql<{
    site_id: string;
    operator_id: string;
    region_code: string;
    blocks: Block[];
    next_change_on: Day | null;
    version: number;
  }>(
    `SELECT s.*, k.region_code FROM site_licence_standing s JOIN known_site k USING (site_id)
     WHERE s.site_id = ANY ($1)`,
    [siteIds],
  );
  return rows.map((row) => ({
    siteId: row.site_id,
    operatorId: row.operator_id,
    regionCode: row.region_code,
    blocks: row.blocks,
    nextChangeOn: row.next_change_on,
    version: row.version,
  }));
}

export async function saveStandings(tx: Tx, standings: readonly StoredStanding[]): Promise<void> {
  const rows = standings.map(({ siteId, blocks, nextChangeOn, version }) => ({
    site_id: siteId,
    blocks,
    next_change_on: nextChangeOn,
    version,
  }));
  await tx.sql(
    `UPDATE site_licence_standing s
     SET blocks = n.blocks, next_change_on = n.next_change_on, version = n.version
     FROM json_to_recordset($1::json) AS n (site_id uuid, blocks jsonb, next_change_on date, version int)
     WHERE s.site_id = n.site_id`,
    [JSON.stringify(rows)],
  );
}

export async function sitesToLookAt(tx: Tx, today: Day, limit: number): Promise<string[]> {
  const rows = await tx.sql<{ site_id: string }>(
    `SELECT site_id FROM site_licence_standing WHERE next_change_on <= $1 ORDER BY next_change_on, site_id LIMIT $2`,
    [today, limit],
  );
  return rows.map(({ site_id }) => site_id);
}

/** Marks sites to be looked at with the next turn: all that are known, or those. */
export async function lookAgain(tx: Tx, siteIds: readonly string[] | null): Promise<void> {
  await tx.sql(
    `INSERT INTO site_licence_standing (site_id, operator_id, next_change_on)
     SELECT site_id, operator_id, date '1970-01-01' FROM known_site
     WHERE $1::uuid[] IS NULL OR site_id = ANY ($1) ORDER BY site_id
     ON CONFLICT (site_id) DO UPDATE SET next_change_on = excluded.next_change_on, operator_id = excluded.operator_id`,
    [siteIds],
  );
}

/** Offerings of some sites that need licences of their own, by site. */
export async function licensedOfferings(
  tx: Tx,
  siteIds: readonly string[],
): Promise<Map<string, LicensedOffering[]>> {
  const rows = await tx.sql<LicensedOffering & { siteId: string }>(
    `SELECT site_id AS "siteId", offering_id AS "offeringId", kind, licences FROM known_offering
     WHERE site_id = ANY ($1) AND active AND licences <> '{}' ORDER BY offering_id`,
    [siteIds],
  );
  const bySite = new Map<string, LicensedOffering[]>();
  for (const { siteId, ...offering } of rows) bySite.set(siteId, [...(bySite.get(siteId) ?? []), offering]);
  return bySite;
}

/** Rules that hold today or later. */
export async function requirementsFrom(tx: Tx, today: Day): Promise<Requirement[]> {
  const rows = await tx.sql<{
    kind: string;
    licence_type: string;
    region_code: string | null;
    from_day: Day;
    to_day: Day | null;
    enforcement: Enforcement;
  }>(
    `SELECT * FROM licence_requirement WHERE to_day IS NULL OR to_day > $1 ORDER BY kind, licence_type, from_day`,
    [today],
  );
  return rows.map((row) => ({
    kind: row.kind,
    licenceType: row.licence_type,
    regionCode: row.region_code,
    from: row.from_day,
    to: row.to_day,
    enforcement: row.enforcement,
  }));
}

export interface DueLicence {
  operatorId: string;
  licenceId: string;
  siteId: string;
  licenceType: string;
  number: string;
  validTo: Day;
  version: number;
  /** The nearest reminder that was sent; null: none yet. */
  lastReminder: Reminder | null;
}

/** Licences that run out within 90 days or have in the last 90, that nothing has replaced; not of sites that are closed. */
export async function dueLicences(tx: Tx, today: Day): Promise<DueLicence[]> {
  const rows = await tx.sql<{
    operator_id: string;
    id: string;
    site_id: string;
    type: string;
    number: string;
    valid_to: Day;
    version: number;
    last_reminder: Reminder | null;
  }>(
    `SELECT l.*, (SELECT min(r.reminder) FROM licence_reminder r WHERE r.licence_id = l.id) AS last_reminder
     FROM licence l
     WHERE l.valid_to BETWEEN $1::date - 90 AND $1::date + 90 AND l.revoked_on IS NULL
       AND NOT ${anotherHolds('greatest(l.valid_to, $1::date)')} AND ${AT_OPEN_SITE}
     ORDER BY l.valid_to, l.id`,
    [today],
  );
  return rows.map((row) => ({
    operatorId: row.operator_id,
    licenceId: row.id,
    siteId: row.site_id,
    licenceType: row.type,
    number: row.number,
    validTo: row.valid_to,
    version: row.version,
    lastReminder: row.last_reminder,
  }));
}

export async function noteReminders(
  tx: Tx,
  due: readonly (DueLicence & { reminder: Reminder })[],
  now: Date,
): Promise<void> {
  if (due.length === 0) return;
  const rows = due.map(({ licenceId, operatorId, reminder }) => ({
    licence_id: licenceId,
    operator_id: operatorId,
    reminder,
  }));
  await tx.sql(
    `INSERT INTO licence_reminder (licence_id, operator_id, reminder, told_at)
     SELECT licence_id, operator_id, reminder, $2
     FROM json_to_recordset($1::json) AS due (licence_id uuid, operator_id uuid, reminder int)`,
    [JSON.stringify(rows), now],
  );
}
