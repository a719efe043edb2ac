export interface QualityRow {
  siteId: string;
  month: string;
  delivered: number;
  rated: number;
  starsSum: number;
  ratingsByStars: number[];
  complaints: number;
  complaintsClosed: number;
  complaintsUpheld: number;
  complaintsOverdue: number;
}

const SITES = (column: string): string =>
  `($3::uuid IS NULL OR ${column} = $3) AND ($4::uuid[] IS NULL OR ${column} = ANY ($4))`;

/** `$1`, `$2`: days, half-open; `$3`: one site or null; `$4`: the actor's sites or null; `$5`, `$6`: site and month to go on after; `$7`: limit. */
export const QUALITY_FIGURES = `
  WITH delivered AS (
    SELECT site_id, to_char(service_day, 'YYYY-MM') AS month, count(*)::int AS delivered
    FROM known_booking
    WHERE status = 'delivered' AND service_day >= $1::date AND service_day < $2::date AND ${SITES('site_id')}
    GROUP BY 1, 2
  ), rated AS (
    SELECT site_id, to_char(service_day, 'YYYY-MM') AS month, count(*)::int AS rated, sum(stars)::int AS stars_sum,
           ARRAY[count(*) FILTER (WHERE stars = 1), count(*) FILTER (WHERE stars = 2), count(*) FILTER (WHERE stars = 3),
                 count(*) FILTER (WHERE stars = 4), count(*) FILTER (WHERE stars = 5)]::int[] AS by_stars
    FROM service_rating WHERE service_day >= $1::date AND service_day < $2::date AND ${SITES('site_id')}
    GROUP BY 1, 2
  ), complained AS (
    SELECT site_id, to_char(opened_on, 'YYYY-MM') AS month, count(*)::int AS complaints,
           (count(*) FILTER (WHERE status = 'closed'))::int AS closed,
           (count(*) FILTER (WHERE upheld))::int AS upheld,
           (count(*) FILTER (WHERE overdue_since IS NOT NULL))::int AS overdue
    FROM complaint WHERE opened_on >= $1::date AND opened_on < $2::date AND ${SITES('site_id')}
    GROUP BY 1, 2
  )
  SELECT site_id AS "siteId", month, coalesce(delivered, 0) AS delivered, coalesce(rated, 0) AS rated,
         coalesce(stars_sum, 0) AS "starsSum", coalesce(by_stars, '{0,0,0,0,0}') AS "ratingsByStars",
         coalesce(complaints, 0) AS complaints, coalesce(closed, 0) AS "complaintsClosed",
         coalesce(upheld, 0) AS "complaintsUpheld", coalesce(overdue, 0) AS "complaintsOverdue"
  FROM delivered FULL JOIN rated USING (site_id, month) FULL JOIN complained USING (site_id, month)
  WHERE $5::uuid IS NULL OR (site_id, month) > ($5::uuid, $6::text)
  ORDER BY site_id, month LIMIT $7`;
