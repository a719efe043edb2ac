import { FITNESS, freeCaregivers, slots } from '../availability/availability.queries';

export interface CandidateRow {
  staffId: string;
  /** Has been with this resident before. */
  knows: boolean;
  wayMinutes: number;
  load: number;
}

const { knows, way, load } = FITNESS('$4');

/**
 * Who could go on a visit, the fittest first; the booking itself stands in nobody's way. `$1` now · `$2` session ·
 * `$3` booking · `$4` resident · `$5` the one carer to look at, or null · `$6` who goes now.
 */
export const CANDIDATES = `
  SELECT st.id AS "staffId", ${knows} AS "knows", ${way} AS "wayMinutes", ${load} AS "load"
  FROM (${slots('SELECT * FROM session WHERE id = $2', '$4')}) s,
       LATERAL (SELECT st.id ${freeCaregivers('$3')}) st
  WHERE st.id IS DISTINCT FROM $6::uuid AND ($5::uuid IS NULL OR st.id = $5)
  ORDER BY 2 DESC, 3, 4, 1
  LIMIT 50`;

/** `$1` booking · `$2` carer. */
export const ASSIGN = `UPDATE booking SET caregiver_id = $2, version = version + 1 WHERE id = $1`;
