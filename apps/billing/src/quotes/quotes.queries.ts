import type { Tx } from '@doorstep/platform';
import type { AskQuoteDto } from './quotes.dto';

/** Where an offering stands: its service, place, local day and the contract that covers it. */
export interface Place {
  operatorId: string;
  siteId: string;
  kind: string;
  mode: string;
  regionCode: string;
  serviceDay: string;
  /** Null when no contract covers the site on that day. */
  contractId: string | null;
  /** As they are known now. */
  residentId: string;
  residentKnown: boolean;
}

/** @returns nothing when offering or site are not known to the current actor */
export async function placeOf(
  tx: Tx,
  { offeringId, residentId, start }: AskQuoteDto,
): Promise<Place | undefined> {
  const [place] = await tx.prepared<Place>(
    `SELECT offering.operator_id AS "operatorId", offering.site_id AS "siteId", offering.kind, offering.mode,
            site.region_code AS "regionCode", local.day AS "serviceDay", covering.contract_id AS "contractId",
            known.id AS "residentId", EXISTS (SELECT FROM known_resident r WHERE r.id = known.id) AS "residentKnown"
     FROM known_offering AS offering
     JOIN known_site AS site ON site.id = offering.site_id
     CROSS JOIN (SELECT current_resident($2) AS id) AS known
     CROSS JOIN LATERAL (SELECT ($3::timestamptz AT TIME ZONE site.time_zone)::date AS day) AS local
     LEFT JOIN LATERAL (
       SELECT contract_id FROM known_placement AS placement
       WHERE placement.site_id = site.id AND placement.from_day <= local.day AND local.day < placement.to_day
         AND (placement.kinds = '{}' OR offering.kind = ANY (placement.kinds))
       ORDER BY placement.in_force DESC, placement.version DESC LIMIT 1) AS covering ON true
     WHERE offering.id = $1`,
    [offeringId, residentId, start],
  );
  return place;
}
