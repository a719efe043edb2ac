import { event, RegionSnapshot } from '@doorstep/contracts';
import type { Tx } from '@doorstep/platform';
import type { StoredRegion, WrittenRegion } from './regions.queries';
import { successorsOf } from './successions.queries';

/** Tells of each region about which something is new. */
export async function tellRegions(tx: Tx, written: WrittenRegion[], now: Date): Promise<void> {
  const at = now.toISOString();
  const news = written.filter((region) => region.version !== region.former_version);
  const retired = news.filter(({ retired_year }) => retired_year !== null).map(({ code }) => code);
  const successors = retired.length > 0 ? await successorsOf(tx, retired) : new Map<string, string[]>();
  for (const region of news) tx.tell(regionSnapshot(region, successors.get(region.code), at));
}

/** What the other services know of a region. */
function regionSnapshot(
  region: StoredRegion,
  successorCodes: string[] | undefined,
  at: string,
): RegionSnapshot {
  const { code, level, name, version, parent_code, lng, lat, retired_year } = region;
  return event(RegionSnapshot, {
    code,
    level,
    name,
    ...(parent_code && { parentCode: parent_code }),
    ...(lng !== null && lat !== null && { lng, lat }),
    ...(retired_year !== null && { retiredYear: retired_year }),
    ...(successorCodes && { successorCodes }),
    version,
    at,
  });
}

/** What an import did, counted. */
export function tally(
  rows: number,
  written: Pick<WrittenRegion, 'former_version' | 'version'>[],
  older: number,
) {
  const added = written.filter((region) => region.former_version === null).length;
  const changed = written.filter(
    (region) => region.former_version !== null && region.version > region.former_version,
  ).length;
  return { added, changed, unchanged: rows - added - changed - older };
}
