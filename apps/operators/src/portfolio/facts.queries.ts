/** `$1`: rows as JSON. Captures and corrections are told once each, so what is there already is the same. */
export const LEARN_CHARGES = `
  INSERT INTO known_charge SELECT * FROM json_populate_recordset(NULL::known_charge, $1::json)
  ON CONFLICT (charge_id, version) DO NOTHING`;

/** `$1`: rows as JSON, each day once. */
export const LEARN_CAPACITY = `
  INSERT INTO known_capacity AS known SELECT * FROM json_populate_recordset(NULL::known_capacity, $1::json)
  ON CONFLICT (offering_id, day) DO UPDATE SET
    operator_id = excluded.operator_id, site_id = excluded.site_id, kind = excluded.kind,
    region_code = excluded.region_code, sessions = excluded.sessions, capacity = excluded.capacity,
    waiting = excluded.waiting, placed = excluded.placed, came = excluded.came, missing = excluded.missing,
    version = excluded.version
  WHERE excluded.version > known.version`;

/** `$1`: rows as JSON, each code once. Says which codes have other successors now. */
export const LEARN_REGIONS = `
  INSERT INTO known_region AS known SELECT * FROM json_populate_recordset(NULL::known_region, $1::json)
  ON CONFLICT (code) DO UPDATE SET
    name = excluded.name, version = excluded.version, successor_codes = excluded.successor_codes
  WHERE excluded.version > known.version
  RETURNING new.code, coalesce(old.successor_codes, '{}') <> new.successor_codes AS "passedOn"`;
