import type { Actor } from '@doorstep/platform';
import { DomainError, type RegionCode } from '@doorstep/kernel';

/** The country's kinds are an administrator's to set; an authority adds kinds for its own region. */
export function checkMaySetKind(
  actor: Pick<Actor, 'roles' | 'regionPrefix'>,
  regionCode: RegionCode | null,
): void {
  if (actor.roles.includes('administrator')) return;
  if (actor.regionPrefix && regionCode?.startsWith(actor.regionPrefix)) return;
  throw new DomainError(
    'forbidden',
    'kind_not_yours',
    'An authority sets kinds of service for its own region only.',
    {
      field: 'regionCode',
      mend: actor.regionPrefix
        ? `Give a regionCode that begins with ${actor.regionPrefix}.`
        : 'Ask an administrator for a kind that holds everywhere.',
    },
  );
}
