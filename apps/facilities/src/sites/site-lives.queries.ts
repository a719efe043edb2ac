import type { SiteStatus } from '@doorstep/contracts';
import type { Tx } from '@doorstep/platform';
import type { Life, Step } from './course';
import type { Noted } from './milestone-notes';
import type { Project } from './project';
import type { SiteEntity } from './site.entity';

/** What a file without its column leaves as it is, and how hours were written. */
type SiteKept = Pick<
  SiteEntity,
  'regionCode' | 'nameEn' | 'timeZone' | 'onHoliday' | 'onMakeUpWorkday' | 'openingHours' | 'openingOverrides'
>;

/** What is known of a site before a file changes it. */
export interface KnownSite extends Life, SiteKept {
  id: string;
  code: string;
  milestones: (Noted & { id: string })[];
  project: Project | null;
}

/** Sites by the owner's own codes, locked in their order; their milestones and projects change under that lock alone. */
export async function lockByCode(
  tx: Tx,
  operatorId: string,
  codes: readonly string[],
): Promise<Map<string, KnownSite>> {
  await tx.sql(
    `SELECT FROM site WHERE operator_id = $1 AND code = ANY ($2) ORDER BY code FOR NO KEY UPDATE`,
    [operatorId, codes],
  );
  return lives(tx, operatorId, codes);
}

/** What is known of an operator's sites, by code. */
export async function lives(
  tx: Tx,
  operatorId: string,
  codes: readonly string[],
): Promise<Map<string, KnownSite>> {
  const rows = await tx.sql<KnownSite>(
    `SELECT s.id, s.code, s.status, s.region_code AS "regionCode", s.name_en AS "nameEn", s.time_zone AS "timeZone", s.on_holiday AS "onHoliday",
            s.on_make_up_workday AS "onMakeUpWorkday", s.opening_hours AS "openingHours",
            s.opening_overrides AS "openingOverrides", past.milestones,
            CASE WHEN p.site_id IS NOT NULL THEN jsonb_build_object('costFen', p.cost_fen, 'funding', p.funding,
              'plannedStart', p.planned_start, 'plannedOpening', p.planned_opening) END AS project
     FROM site s LEFT JOIN site_project p ON p.site_id = s.id
     CROSS JOIN LATERAL (
       SELECT coalesce(jsonb_agg(jsonb_build_object('id', m.id, 'command', m.command, 'day', m.day, 'note', m.note) ORDER BY m.id), '[]') AS milestones
       FROM site_milestone m WHERE m.site_id = s.id AND m.command <> 'enter') AS past
     WHERE s.operator_id = $1 AND s.code = ANY ($2)`,
    [operatorId, codes],
  );
  return new Map(rows.map((row) => [row.code, row]));
}

export interface SiteSteps {
  code: string;
  steps: readonly (Step & { note: string | null })[];
  status: SiteStatus;
}

/** Records milestones and lets sites stand where they lead to. @returns ids of the sites whose status has changed by it */
export async function recordSteps(
  tx: Tx,
  operatorId: string,
  sites: readonly SiteSteps[],
  { now, actorId }: { now: Date; actorId: string },
): Promise<string[]> {
  const rows = sites.flatMap(({ code, steps }) => steps.map((step, place) => ({ code, place, ...step })));
  if (rows.length === 0) return [];
  await tx.sql(
    `INSERT INTO site_milestone (operator_id, region_code, site_id, command, status, day, note, recorded_by,
                                 recorded_at)
     SELECT s.operator_id, s.region_code, s.id, step.command, step.status, step.day, step.note, $3, $4
     FROM jsonb_to_recordset($1) AS step (code text, place int, command text, status text, day date, note text)
     JOIN site s ON s.operator_id = $2 AND s.code = step.code ORDER BY s.code, step.place`,
    [JSON.stringify(rows), operatorId, actorId, now],
  );
  const moved = await tx.sql<{ id: string }>(
    `UPDATE site s SET status = step.status, version = s.version + 1, updated_at = $3
     FROM jsonb_to_recordset($1) AS step (code text, status text)
     WHERE s.operator_id = $2 AND s.code = step.code AND s.status <> step.status RETURNING s.id`,
    [JSON.stringify(sites.filter(({ steps }) => steps.length > 0)), operatorId, now],
  );
  return moved.map(({ id }) => id);
}

/** What is said of milestones that are there. @returns ids of their sites */
export async function renote(
  tx: Tx,
  operatorId: string,
  notes: readonly { id: string; note: string | null }[],
): Promise<string[]> {
  if (notes.length === 0) return [];
  const renoted = await tx.sql<{ site_id: string }>(
    `UPDATE site_milestone m SET note = told.note FROM jsonb_to_recordset($1) AS told (id uuid, note text)
     WHERE m.operator_id = $2 AND m.id = told.id RETURNING m.site_id`,
    [JSON.stringify(notes), operatorId],
  );
  return renoted.map(({ site_id }) => site_id);
}

/** Enters projects and changes those about which something is new. @returns ids of their sites */
export async function upsertProjects(
  tx: Tx,
  operatorId: string,
  projects: readonly (Project & { code: string })[],
  now: Date,
): Promise<string[]> {
  if (projects.length === 0) return [];
  const written = await tx.sql<{ id: string }>(
    `INSERT INTO site_project AS p (site_id, operator_id, region_code, cost_fen, funding, planned_start, planned_opening,
                                    version, updated_at)
     SELECT s.id, s.operator_id, s.region_code, told."costFen", told.funding, told."plannedStart", told."plannedOpening", 1, $3
     FROM jsonb_to_recordset($1) AS told
       (code text, "costFen" bigint, funding jsonb, "plannedStart" date, "plannedOpening" date)
     JOIN site s ON s.operator_id = $2 AND s.code = told.code ORDER BY s.code
     ON CONFLICT (site_id) DO UPDATE SET
       cost_fen = excluded.cost_fen, funding = excluded.funding, planned_start = excluded.planned_start,
       planned_opening = excluded.planned_opening, version = p.version + 1, updated_at = excluded.updated_at
     WHERE (p.cost_fen, p.funding, p.planned_start, p.planned_opening)
       IS DISTINCT FROM (excluded.cost_fen, excluded.funding, excluded.planned_start, excluded.planned_opening)
     RETURNING p.site_id AS id`,
    [JSON.stringify(projects), operatorId, now],
  );
  return written.map(({ id }) => id);
}
