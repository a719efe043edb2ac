import type { Day } from '@doorstep/kernel';
import type { Tx } from '@doorstep/platform';
import type { Enforcement, Requirement } from '../licences/standing';
import type { Certificate } from './certificate';
import type { Purpose, Span, Working } from './roster';

/** What was last told of somebody. */
export interface Told {
  rosterFrom: Date | null;
  rosterTo: Date | null;
  digest: string | null;
}

/** Each by the id of the member of staff. */
export interface StaffFacts {
  told: Map<string, Told>;
  regions: Map<string, string[]>;
  certificates: Map<string, Certificate[]>;
  shifts: Map<string, Working[]>;
  absences: Map<string, Span[]>;
}

interface CertificateRow {
  id: string;
  operator_id: string;
  staff_id: string;
  type: string;
  number: string;
  valid_from: Day;
  valid_to: Day | null;
  revoked_on: Day | null;
  version: number;
}

export function certificateOf(row: CertificateRow): Certificate {
  return {
    id: row.id,
    operatorId: row.operator_id,
    staffId: row.staff_id,
    type: row.type,
    number: row.number,
    validFrom: row.valid_from,
    validTo: row.valid_to,
    revokedOn: row.revoked_on,
    version: row.version,
  };
}

/** All that is told of some members of staff, for shifts that begin between two instants. */
export async function staffFacts(
  tx: Tx,
  staffIds: readonly string[],
  from: Date,
  to: Date,
): Promise<StaffFacts> {
  const told = await tx.sql<{
    staff_id: string;
    roster_from: Date | null;
    roster_to: Date | null;
    told_digest: string | null;
  }>(`SELECT staff_id, roster_from, roster_to, told_digest FROM staff_standing WHERE staff_id = ANY ($1)`, [
    staffIds,
  ]);
  const regions = await tx.sql<{ staff_id: string; region_code: string }>(
    `SELECT DISTINCT s.id AS staff_id, k.region_code FROM staff s JOIN known_site k ON k.site_id = ANY (s.site_ids)
     WHERE s.id = ANY ($1)`,
    [staffIds],
  );
  const certificates = await tx.sql<CertificateRow>(
    `SELECT * FROM staff_certificate WHERE staff_id = ANY ($1)`,
    [staffIds],
  );
  const shifts = await tx.sql<{ staff_id: string; start: Date; end: Date; siteId: string; purpose: Purpose }>(
    `SELECT staff_id, starts_at AS start, ends_at AS end, site_id AS "siteId", purpose FROM staff_shift
     WHERE staff_id = ANY ($1) AND NOT cancelled AND ends_at > $2 AND starts_at < $3 ORDER BY starts_at`,
    [staffIds, from, to],
  );
  const absences = await tx.sql<{ staff_id: string; start: Date; end: Date }>(
    `SELECT staff_id, starts_at AS start, ends_at AS end FROM staff_absence
     WHERE staff_id = ANY ($1) AND NOT cancelled AND ends_at > $2 AND starts_at < $3`,
    [staffIds, from, to],
  );
  return {
    told: new Map(
      told.map((row) => [
        row.staff_id,
        { rosterFrom: row.roster_from, rosterTo: row.roster_to, digest: row.told_digest },
      ]),
    ),
    regions: grouped(regions, ({ region_code }) => region_code),
    certificates: grouped(certificates, certificateOf),
    shifts: grouped(shifts, ({ staff_id: _id, ...shift }) => shift),
    absences: grouped(absences, ({ staff_id: _id, ...absence }) => absence),
  };
}

function grouped<R extends { staff_id: string }, T>(rows: readonly R[], of: (row: R) => T): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const row of rows) groups.set(row.staff_id, [...(groups.get(row.staff_id) ?? []), of(row)]);
  return groups;
}

/** Rules that hold today or later, in the words of licences: a skill is to a certificate what a kind is to a licence. */
export async function skillRequirements(tx: Tx, today: Day): Promise<Requirement[]> {
  const rows = await tx.sql<{
    skill: string;
    certificate_type: string;
    region_code: string | null;
    from_day: Day;
    to_day: Day | null;
    enforcement: Enforcement;
  }>(`SELECT * FROM skill_requirement WHERE to_day IS NULL OR to_day > $1 ORDER BY id`, [today]);
  return rows.map((row) => ({
    kind: row.skill,
    licenceType: row.certificate_type,
    regionCode: row.region_code,
    from: row.from_day,
    to: row.to_day,
    enforcement: row.enforcement,
  }));
}

export interface Standing {
  staffId: string;
  operatorId: string;
  lost: unknown[];
  rosterFrom: Date | null;
  rosterTo: Date | null;
  digest: string;
  lookOn: Day | null;
}

export async function saveStanding(tx: Tx, standing: Standing): Promise<void> {
  await tx.sql(
    `INSERT INTO staff_standing (staff_id, operator_id, lost, roster_from, roster_to, told_digest, look_on)
     VALUES ($1, $2, $3, $4, $5, $6, $7)
     ON CONFLICT (staff_id) DO UPDATE SET lost = excluded.lost, roster_from = excluded.roster_from,
       roster_to = excluded.roster_to, told_digest = excluded.told_digest, look_on = excluded.look_on`,
    [
      standing.staffId,
      standing.operatorId,
      JSON.stringify(standing.lost),
      standing.rosterFrom,
      standing.rosterTo,
      standing.digest,
      standing.lookOn,
    ],
  );
}

export async function staffToLookAt(tx: Tx, today: Day, limit: number): Promise<string[]> {
  const rows = await tx.sql<{ staff_id: string }>(
    `SELECT staff_id FROM staff_standing WHERE look_on <= $1 ORDER BY look_on, staff_id LIMIT $2`,
    [today, limit],
  );
  return rows.map(({ staff_id }) => staff_id);
}
