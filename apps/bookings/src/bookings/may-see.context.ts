import { currentActor } from '@doorstep/platform';

/** Site managers and caregivers see their own sites alone. */
export function maySee(siteId: string): boolean {
  const { siteIds } = currentActor();
  return siteIds === undefined || siteIds.includes(siteId);
}
