/** A column of a read model: its name, its type, and the snapshot's field that fills it. */
type Column = readonly [column: string, type: string, from: string];

/**
 * Upserts many snapshots in one statement; an older version never overwrites a newer one. Parameter 1 is the JSON array.
 * Answers with the ids of the rows that changed.
 */
function upsert(table: string, columns: readonly Column[], onChange = ''): string {
  const names = columns.map(([column]) => column);
  const fields = columns.map(([, type, from]) => `"${from}" ${type}`);
  const updates = names.filter((name) => name !== 'id').map((name) => `${name} = excluded.${name}`);
  return `
    INSERT INTO ${table} (${names.join(', ')})
    SELECT ${columns.map(([, , from]) => `"${from}"`).join(', ')} FROM jsonb_to_recordset($1::jsonb) AS s (${fields.join(', ')})
    ON CONFLICT (id) DO UPDATE SET ${updates.join(', ')}${onChange}
    WHERE excluded.version > ${table}.version
    RETURNING id`;
}

export const UPSERT_SITES = upsert('site', [
  ['id', 'uuid', 'siteId'],
  ['operator_id', 'uuid', 'operatorId'],
  ['code', 'text', 'code'],
  ['name_zh', 'text', 'nameZh'],
  ['name_en', 'text', 'nameEn'],
  ['region_code', 'text', 'regionCode'],
  ['status', 'text', 'status'],
  ['lng', 'float8', 'lng'],
  ['lat', 'float8', 'lat'],
  ['time_zone', 'text', 'timeZone'],
  ['opening_hours', 'jsonb', 'openingHours'],
  ['opening_exceptions', 'jsonb', 'openingExceptions'],
  ['version', 'bigint', 'version'],
]);

export const UPSERT_OFFERINGS = upsert(
  'offering',
  [
    ['id', 'uuid', 'offeringId'],
    ['operator_id', 'uuid', 'operatorId'],
    ['site_id', 'uuid', 'siteId'],
    ['code', 'text', 'code'],
    ['name_zh', 'text', 'nameZh'],
    ['name_en', 'text', 'nameEn'],
    ['kind', 'text', 'kind'],
    ['mode', 'text', 'mode'],
    ['delivery', 'text', 'delivery'],
    ['capacity_model', 'text', 'capacityModel'],
    ['capacity', 'int', 'capacity'],
    ['staff_ratio', 'int', 'staffRatio'],
    ['staff_count', 'int', 'staffCount'],
    ['space_id', 'uuid', 'spaceId'],
    ['blocked_space_ids', 'uuid[]', 'blockedSpaceIds'],
    ['space_closures', 'jsonb', 'closures'],
    ['age_months_min', 'int', 'ageMonthsMin'],
    ['age_months_max', 'int', 'ageMonthsMax'],
    ['care_level_min', 'text', 'careLevelMin'],
    ['skills', 'text[]', 'skills'],
    ['schedule', 'jsonb', 'schedule'],
    ['lead_minutes', 'int', 'leadMinutes'],
    ['cutoff_minutes', 'int', 'cutoffMinutes'],
    ['buffer_minutes', 'int', 'bufferMinutes'],
    ['unpriced_policy', 'text', 'unpricedPolicy'],
    ['active', 'boolean', 'active'],
    ['version', 'bigint', 'version'],
  ],
  ', sessions_due = true',
);

export const UPSERT_CONTRACTS = upsert('contract', [
  ['id', 'uuid', 'contractId'],
  ['operator_id', 'uuid', 'operatorId'],
  ['authority_id', 'uuid', 'authorityId'],
  ['number', 'text', 'number'],
  ['status', 'text', 'status'],
  ['period', 'daterange', 'period'],
  ['lines', 'jsonb', 'lines'],
  ['version', 'bigint', 'version'],
]);

export const UPSERT_CONTRACT_SITES = upsert('contract_site', [
  ['id', 'uuid', 'contractSiteId'],
  ['operator_id', 'uuid', 'operatorId'],
  ['contract_id', 'uuid', 'contractId'],
  ['site_id', 'uuid', 'siteId'],
  ['period', 'daterange', 'period'],
  ['kinds', 'text[]', 'kinds'],
  ['in_force', 'boolean', 'inForce'],
  ['continues', 'uuid', 'continues'],
  ['version', 'bigint', 'version'],
]);

export const UPSERT_STAFF = upsert('staff', [
  ['id', 'uuid', 'staffId'],
  ['operator_id', 'uuid', 'operatorId'],
  ['site_ids', 'uuid[]', 'siteIds'],
  ['job_title', 'text', 'jobTitle'],
  ['skills', 'text[]', 'skills'],
  ['active', 'boolean', 'active'],
  ['roster_from', 'timestamptz', 'rosterFrom'],
  ['roster_to', 'timestamptz', 'rosterTo'],
  ['version', 'bigint', 'version'],
]);

/** Sites of members of staff who changed. `$1`: their ids. */
export const FORGET_STAFF_SITES = `DELETE FROM staff_site WHERE staff_id = ANY ($1::uuid[])`;
export const KEEP_STAFF_SITES = `
  INSERT INTO staff_site (site_id, staff_id, operator_id)
  SELECT DISTINCT site_id, s.id, s.operator_id FROM staff s, unnest(s.site_ids) AS site_id WHERE s.id = ANY ($1::uuid[])`;

export const FORGET_SHIFTS = `DELETE FROM staff_shift WHERE staff_id = ANY ($1::uuid[])`;
/** `$1`: members of staff who changed · `$2`: JSON of {staffId, operatorId, siteId, purpose, start, end}. */
export const KEEP_SHIFTS = `
  INSERT INTO staff_shift (staff_id, operator_id, site_id, purpose, starts_at, ends_at)
  SELECT DISTINCT ON ("staffId", "start") "staffId", "operatorId", "siteId", purpose, "start", "end"
  FROM jsonb_to_recordset($2::jsonb) AS s ("staffId" uuid, "operatorId" uuid, "siteId" uuid, purpose text,
                                           "start" timestamptz, "end" timestamptz)
  WHERE "staffId" = ANY ($1::uuid[]) AND "end" > "start"
  ORDER BY "staffId", "start", "end" DESC`;

/** A site's hours decide the sessions of all that it offers. */
export const SESSIONS_DUE_AT_SITES = `UPDATE offering SET sessions_due = true WHERE site_id = ANY ($1::uuid[])`;

/** `id` is the site's. */
export const UPSERT_SITE_LICENCES = upsert('site_licence', [
  ['id', 'uuid', 'siteId'],
  ['operator_id', 'uuid', 'operatorId'],
  ['blocked_kinds', 'text[]', 'blockedKinds'],
  ['blocked_offerings', 'uuid[]', 'blockedOfferingIds'],
  ['version', 'bigint', 'version'],
]);

/** `id` is the site's. */
export const UPSERT_SITE_INSPECTIONS = upsert('site_inspection', [
  ['id', 'uuid', 'siteId'],
  ['operator_id', 'uuid', 'operatorId'],
  ['suspended', 'boolean', 'suspended'],
  ['blocked_kinds', 'text[]', 'blockedKinds'],
  ['blocked_offerings', 'uuid[]', 'blockedOfferingIds'],
  ['version', 'bigint', 'version'],
]);

/**
 * A site that passed to another contract takes along the bookings of the days that are the new contract's, over as many
 * handovers as there were in between: a booking goes to the one standing of its day, wherever it is. Looked at from both
 * ends, because either of the two standings may come first. `$1`: standings that changed · `$2`: bookings from when on.
 */
export const MOVE_BOOKINGS_ALONG = `
  WITH RECURSIVE line AS (
    SELECT n.id, n.continues AS former FROM contract_site n
    WHERE n.continues IS NOT NULL
      AND n.site_id IN (SELECT site_id FROM contract_site WHERE id = ANY ($1::uuid[]))
    UNION
    SELECT l.id, o.continues FROM line l JOIN contract_site o ON o.id = l.former WHERE o.continues IS NOT NULL)
  UPDATE booking b SET contract_id = n.contract_id, version = b.version + 1
  FROM line JOIN contract_site n ON n.id = line.id JOIN contract_site o ON o.id = line.former
  WHERE n.operator_id = o.operator_id AND n.contract_id <> o.contract_id
    AND b.site_id = n.site_id AND b.contract_id = o.contract_id AND n.period @> b.service_day
    AND b.starts_at >= greatest(lower(n.period)::timestamp AT TIME ZONE 'UTC' - interval '2 days', $2::timestamptz)
    AND b.status IN ('offered', 'held', 'confirmed')`;
