import { notForGuests, type FreeUses, type Use } from '../packages/package';
import type { HeldBooking, Judgement, Priceable } from './charge';

/**
 * A use of a package costs its part, whatever the price list says; programmes are not asked. Guests can't take one. Whoever
 * names a package gets a use of it or nothing: the list's price is not what was asked for.
 */
export function byPackage(
  judged: Priceable,
  uses: FreeUses,
  booking: HeldBooking,
): Extract<Judgement, { outcome: 'priceable' | 'refused' }> {
  const { packageWish } = booking;
  if (packageWish === 'none') return judged;
  const alone = judged.quantity === 1;
  if (packageWish === null) return withUse(judged, alone ? uses.take(booking) : undefined);
  const taken = alone ? uses.takeOf(packageWish, booking) : notForGuests();
  return 'code' in taken ? { outcome: 'refused', refusal: taken } : withUse(judged, taken);
}

function withUse(judged: Priceable, use: Use | undefined): Priceable {
  if (!use) return judged;
  const tariff = { unit: 'use' as const, amountFen: use.partFen, stepMinutes: 1, spans: null };
  return { ...judged, tariff, cost: { ownFen: use.partFen, guestsFen: 0 }, use };
}
