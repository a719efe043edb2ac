/** `$1`: rows as JSON, each placement once. What ends says no terms: those that were said before stay. */
export const LEARN_PLACEMENTS = `
  INSERT INTO known_placement AS known
    (placement_id, operator_id, site_id, offering_id, group_id, kind, mode, region_code, from_day, to_day, pattern, opens_at,
     noon_at, closes_at, version)
  SELECT placement_id, operator_id, site_id, offering_id, group_id, kind, mode, region_code, from_day, to_day,
         coalesce(pattern, '[]'), hours->>'opensAt', hours->>'noonAt', hours->>'closesAt', version
  FROM jsonb_to_recordset($1::jsonb) AS told
    (placement_id uuid, operator_id uuid, site_id uuid, offering_id uuid, group_id uuid, kind text, mode text,
     region_code text, from_day date, to_day date, pattern jsonb, hours jsonb, version bigint)
  ON CONFLICT (placement_id) DO UPDATE SET
    site_id = excluded.site_id, offering_id = excluded.offering_id, group_id = excluded.group_id, kind = excluded.kind,
    mode = excluded.mode, region_code = excluded.region_code,
    from_day = excluded.from_day, to_day = excluded.to_day,
    pattern = CASE WHEN excluded.pattern = '[]' THEN known.pattern ELSE excluded.pattern END,
    opens_at = coalesce(excluded.opens_at, known.opens_at), noon_at = coalesce(excluded.noon_at, known.noon_at),
    closes_at = coalesce(excluded.closes_at, known.closes_at), version = excluded.version
  WHERE excluded.version > known.version`;

/** `$1`: rows as JSON, each day of a placement once. */
export const LEARN_DAYS = `
  INSERT INTO known_care_day AS known SELECT * FROM json_populate_recordset(NULL::known_care_day, $1::json)
  ON CONFLICT (placement_id, day) DO UPDATE SET
    region_code = excluded.region_code, comes = excluded.comes, from_at = excluded.from_at, to_at = excluded.to_at,
    version = excluded.version
  WHERE excluded.version > known.version`;

/** `$1`: rows as JSON, each day of a placement once. */
export const LEARN_ATTENDANCE = `
  INSERT INTO known_attendance AS known
  SELECT * FROM json_populate_recordset(NULL::known_attendance, $1::json)
  ON CONFLICT (placement_id, day) DO UPDATE SET
    site_id = excluded.site_id, region_code = excluded.region_code, resident_id = excluded.resident_id,
    came = excluded.came, version = excluded.version
  WHERE excluded.version > known.version`;
