import { event, RegionSnapshot } from '@doorstep/contracts';
import type { Tx } from '@doorstep/platform';
import type { StoredRegion, WrittenRegion } from './regions.queries';

/** Tells of each region about which something is new. */
export function tellRegions(tx: Tx, written: WrittenRegion[], now: Date): void {
  const at = now.toISOString();
  for (const region of written)
    if (region.version !== region.former_version) tx.tell(regionSnapshot(region, at));
}

/** What the other services know of a region. */
function regionSnapshot(region: StoredRegion, at: string): RegionSnapshot {
  const { code, level, name, version, parent_code, lng, lat } = region;
  return event(RegionSnapshot, {
    code,
    level,
    name,
    ...(parent_code && { parentCode: parent_code }),
    ...(lng !== null && lat !== null && { lng, lat }),
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
