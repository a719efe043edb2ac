/** Where a site lies, and by which clock it goes. */
export interface Whereabouts {
  siteId: string;
  regionCode: string;
  timeZone: string;
}

/** Sites that were known before, and lie in another region now or go by another clock. */
export function movedSites(
  before: readonly Whereabouts[],
  after: readonly Whereabouts[],
): { elsewhere: string[]; otherClock: string[] } {
  const former = new Map(before.map((site) => [site.siteId, site]));
  const differing = (field: 'regionCode' | 'timeZone'): string[] =>
    after
      .filter((site) => (former.get(site.siteId) ?? site)[field] !== site[field])
      .map(({ siteId }) => siteId);
  return { elsewhere: differing('regionCode'), otherClock: differing('timeZone') };
}
