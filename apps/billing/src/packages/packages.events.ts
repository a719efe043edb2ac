import { event, PackageExpiring, PackageRefunded, PackageSold, PackageUsedUp } from '@doorstep/contracts';
import type { Fen } from '@doorstep/kernel';
import { addDays } from '../shared/days';
import type { Package } from './package';

/** A package as its events tell of it. */
export type ToldPackage = Pick<
  Package,
  'id' | 'operatorId' | 'contractId' | 'residentId' | 'kind' | 'validTo'
> & { name: string; usesFree: number; version: number };

function facts({ id: packageId, name: packageName, ...one }: ToldPackage, at: Date) {
  const { operatorId, contractId, residentId, kind, usesFree: usesLeft, validTo, version } = one;
  return {
    ...{ operatorId, contractId, residentId, packageId, packageName, kind, usesLeft },
    ...{ lastDay: addDays(validTo, -1), version, at: at.toISOString() },
  };
}

type Sold = ToldPackage & { offerId: string; paymentId: string; amountFen: Fen; validFrom: string };

export const packageSold = (one: Sold, at: Date): PackageSold => {
  const { offerId, paymentId, amountFen, validFrom: firstDay } = one;
  return event(PackageSold, { ...facts(one, at), offerId, paymentId, amountFen, firstDay });
};
export const packageUsedUp = (one: ToldPackage, bookingId: string, at: Date): PackageUsedUp =>
  event(PackageUsedUp, { ...facts(one, at), bookingId });
export const packageExpiring = (one: ToldPackage, at: Date): PackageExpiring =>
  event(PackageExpiring, facts(one, at));
export const packageRefunded = (
  one: ToldPackage,
  moved: { paymentId: string; amountFen: Fen },
  at: Date,
): PackageRefunded => event(PackageRefunded, { ...facts(one, at), ...moved });
