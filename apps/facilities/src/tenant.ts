import { DomainError, notFound, type RegionCode } from '@doorstep/kernel';
import { type Actor, currentActor, type Database, type Tx } from '@doorstep/platform';

/** Whose rows a new site's are: the actor's own operator's, or the one that an administrator or authority names. */
export function tenantOf(named: string | undefined, regionCode: RegionCode): string {
  const actor = currentActor();
  if (actor.operatorId) {
    if (named === undefined || named === actor.operatorId) return actor.operatorId;
    throw new DomainError('forbidden', 'operator_not_yours', 'You enter sites of your own operator only.', {
      field: 'operatorId',
      mend: 'Leave operatorId out.',
    });
  }
  if (isAuthority(actor) && !regionCode.startsWith(actor.regionPrefix ?? ' ')) {
    throw new DomainError('forbidden', 'region_not_yours', `${regionCode} lies outside of your region.`, {
      field: 'regionCode',
      mend: `Give a region within ${actor.regionPrefix ?? 'yours'}.`,
    });
  }
  if (named !== undefined) return named;
  throw new DomainError('invalid', 'operator_missing', 'A site belongs to an operator.', {
    field: 'operatorId',
    mend: 'Give the operatorId of the operator that runs it.',
  });
}

/** Site managers and caregivers reach their own sites only; to them another is as absent as another tenant's. */
export function checkMayReachSite(siteId: string, actor: Actor = currentActor()): void {
  if (actor.siteIds && !actor.siteIds.includes(siteId)) throw notFound('site', siteId);
}

/**
 * Work inside an open write on one tenant's rows. An authority may only read them by row-level security; what its role
 * lets it change, in its region (the caller has read the row under its own scope), it changes in the tenant's name.
 */
export function withTenant<T>(db: Database, operatorId: string, work: (tx: Tx) => Promise<T>): Promise<T> {
  const actor = currentActor();
  return isAuthority(actor) ? db.writeAs({ ...actor, operatorId }, work) : db.write(work);
}

function isAuthority(actor: Actor): boolean {
  return actor.operatorId === null && actor.kind !== 'system' && !actor.roles.includes('administrator');
}
