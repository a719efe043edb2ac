import { DomainError } from '@doorstep/kernel';
import { currentActor } from '@doorstep/platform';

/** Whether the actor works at the site, as far as they are bound to sites at all. */
export function mayReach(siteId: string): boolean {
  const { siteIds } = currentActor();
  return siteIds === undefined || siteIds.includes(siteId);
}

export function checkOwnSite(siteId: string): void {
  if (mayReach(siteId)) return;
  throw new DomainError('forbidden', 'site_not_yours', 'The site is not one of yours.', {
    field: 'siteId',
    mend: 'Name your own sites, or ask a portfolio manager.',
  });
}
