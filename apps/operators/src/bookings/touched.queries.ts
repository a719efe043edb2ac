/** What a lapse or a suspension is asked about: bookings that stand, and children's places. */
export interface TouchedBy {
  siteId: string;
  /** Only of this kind, or of this offering; both undefined: all of the site. */
  kind?: string;
  offeringId?: string;
  /** Only what needs this type of licence, by the rules of the place on its day or by the offering's own word. */
  licenceType?: string;
  /** Instants in which it begins, as a tstzmultirange. */
  during: string;
}

export const wordsOf = ({ siteId, during, kind, offeringId, licenceType }: TouchedBy): unknown[] => [
  siteId,
  during,
  kind ?? null,
  offeringId ?? null,
  licenceType ?? null,
];

/**
 * Days on which something of a kind at a site needs the type of licence `$5`; all days when no type is asked about.
 *
 * @param what alias of a row with site_id, kind and offering_id
 */
export const needs = (what: string): string => `
  CASE WHEN $5::text IS NULL
         OR EXISTS (SELECT FROM known_offering o WHERE o.offering_id = ${what}.offering_id AND o.licences @> ARRAY[$5])
       THEN '{(,)}'::datemultirange
       ELSE coalesce((SELECT range_agg(daterange(r.from_day, r.to_day)) FROM licence_requirement r
                      JOIN known_site s ON s.site_id = ${what}.site_id
                      WHERE r.licence_type = $5 AND r.kind = ${what}.kind
                        AND (r.region_code IS NULL OR starts_with(s.region_code, r.region_code))), '{}')
  END`;
