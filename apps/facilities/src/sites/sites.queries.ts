import { notFound } from '@doorstep/kernel';
import type { Tx } from '@doorstep/platform';
import { type FindOptionsWhere, In, Raw } from 'typeorm';
import { checkMayReachSite } from '../tenant';
import { SiteEntity } from './site.entity';
import type { SitesQuery } from './sites.query.dto';

/** A site that the current actor may see; locked when it is about to change. */
export async function loadSite(tx: Tx, id: string, options: { lock?: boolean } = {}): Promise<SiteEntity> {
  checkMayReachSite(id);
  const site = await tx.manager.findOne(SiteEntity, {
    where: { id },
    ...(options.lock && { lock: { mode: 'pessimistic_write' } }),
  });
  if (!site) throw notFound('site', id);
  return site;
}

/** The filters of a list of sites. */
export function sitesWhere(
  query: SitesQuery,
  siteIds: string[] | undefined,
  afterId?: string,
): FindOptionsWhere<SiteEntity> {
  const { regionCode, status, form, tier, spaceSource, code, kind } = query;
  return {
    ...(status && { status }),
    ...(form && { form }),
    ...(tier && { tier }),
    ...(spaceSource && { spaceSource }),
    ...(code && { code }),
    ...(regionCode && { regionCode: Raw((column) => `${column} ^@ :regionCode`, { regionCode }) }),
    ...((kind ?? siteIds ?? afterId) && { id: idWhere({ kind, siteIds, afterId }) }),
  };
}

function idWhere({ kind, siteIds, afterId }: { kind?: string; siteIds?: string[]; afterId?: string }) {
  if (siteIds && !kind && !afterId) return In(siteIds);
  return Raw(
    (column) =>
      [
        kind && `EXISTS (SELECT FROM offering o WHERE o.site_id = ${column} AND o.kind = :kind AND o.active)`,
        siteIds && `${column} = ANY (:siteIds)`,
        afterId && `${column} > :afterId`,
      ]
        .filter(Boolean)
        .join(' AND '),
    { kind, siteIds, afterId },
  );
}

export type OfferedKinds = { code: string; urgentAndScarce: boolean }[];

/** The kinds that each of an operator's sites offers now, by the owner's code of the site. */
export async function kindsByCode(tx: Tx, operatorId: string): Promise<Map<string, OfferedKinds>> {
  const rows = await tx.sql<{ siteCode: string; kinds: OfferedKinds }>(
    `SELECT s.code AS "siteCode",
            jsonb_agg(DISTINCT jsonb_build_object('code', k.code, 'urgentAndScarce', k.urgent_and_scarce)) AS kinds
     FROM site s JOIN offering o ON o.site_id = s.id AND o.active JOIN service_kind k ON k.code = o.kind
     WHERE s.operator_id = $1 GROUP BY s.code`,
    [operatorId],
  );
  return new Map(rows.map(({ siteCode, kinds }) => [siteCode, kinds]));
}

/** The kinds that a site offers now. */
export function kindsOffered(tx: Tx, siteId: string): Promise<OfferedKinds> {
  return tx.sql(
    `SELECT DISTINCT k.code, k.urgent_and_scarce AS "urgentAndScarce"
     FROM offering o JOIN service_kind k ON k.code = o.kind
     WHERE o.site_id = $1 AND o.active`,
    [siteId],
  );
}
