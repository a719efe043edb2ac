import { slotFacts } from './availability.queries';

export interface SiteAround {
  id: string;
  nameZh: string;
  nameEn: string | null;
  lng: number;
  lat: number;
}

/** Operating sites in these squares that offer what is asked for. `$1` cells · `$2` sites of the actor, or null · `$3` kind · `$4` mode. */
export const SITES_AROUND = `
  SELECT s.id, s.name_zh AS "nameZh", s.name_en AS "nameEn", s.lng, s.lat
  FROM site s
  WHERE s.status = 'operating' AND s.cell = ANY ($1::int[]) AND ($2::uuid[] IS NULL OR s.id = ANY ($2))
    AND EXISTS (SELECT FROM offering o WHERE o.site_id = s.id AND o.active
                  AND ($3::text IS NULL OR o.kind = $3) AND ($4::text IS NULL OR o.mode = $4))`;

/**
 * The next few sessions of each site that may have room, in the order of their start. Each filter is its own statement, so
 * that the index of the kind serves. `$2` sites · `$3`, `$4` start and id to go on after, one pair for each site · `$5`
 * until · `$6` kind · `$7` mode · `$8` how many of each site · `$9` who asks, or null.
 */
export function nextSessions({ kind, mode }: { kind?: string; mode?: string }): string {
  const page = `
  SELECT p.*
  FROM unnest($2::uuid[], $3::timestamptz[], $4::uuid[]) AS near (site_id, after_start, after_id),
  LATERAL (
    SELECT x.* FROM session x
    WHERE x.site_id = near.site_id AND ${kind ? 'x.kind = $6' : '$6::text IS NULL'}
      AND ${mode ? 'x.mode = $7' : '$7::text IS NULL'}
      AND x.starts_at >= near.after_start AND (x.starts_at, x.id) > (near.after_start, near.after_id)
      AND x.starts_at < $5 AND x.status = 'open'
      AND (x.taken < x.capacity
           OR EXISTS (SELECT FROM hold h WHERE h.session_id = x.id AND h.expires_at <= $1))
    ORDER BY x.starts_at, x.id LIMIT $8) p`;
  return `${slotFacts(page, '$9')} ORDER BY s.site_id, s.starts_at, s.id`;
}
