import { type BookingHeld, BookingNoShow, event } from '@doorstep/contracts';
import { newId } from '@doorstep/kernel';
import { runAs } from '@doorstep/platform';
import fc from 'fast-check';
import {
  aResident,
  type Billing,
  cancelled,
  DAY,
  delivered,
  held,
  setPrice,
  startBilling,
} from '../billing.harness';
import { ReportsService } from '../reports/reports.service';
import { partsOf } from './package';
import { PackageOffersService } from './package-offers.service';
import { PackagesService } from './packages.service';

/* Whatever is booked, delivered, missed, cancelled and given back: each fen of a package is earned, given back or left. */
const period = DAY.slice(0, 7);
const LIST_FEN = 1_800;
let billing: Billing;
beforeAll(async () => {
  billing = await startBilling({ PERIODIC: 'false' });
  await setPrice(billing);
});
afterAll(() => billing?.stop());

type Step =
  | { do: 'hold'; wish: 'auto' | 'named' | 'none' }
  | { do: 'refund' | 'choose' }
  | { do: 'deliver' | 'cancel'; booking: number }
  | { do: 'miss'; booking: number; feeFen: number }
  | { do: 'move'; booking: number; how: 'it stays' | 'it moves' | 'delivered first' };
const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof(
    {
      weight: 4,
      arbitrary: fc.record({
        do: fc.constant('hold' as const),
        wish: fc.constantFrom('auto' as const, 'named' as const, 'none' as const),
      }),
    },
    { weight: 1, arbitrary: fc.record({ do: fc.constantFrom('refund' as const, 'choose' as const) }) },
    {
      weight: 4,
      arbitrary: fc.record({
        do: fc.constantFrom('deliver' as const, 'cancel' as const),
        booking: fc.nat(9),
      }),
    },
    {
      weight: 3,
      arbitrary: fc.record({
        do: fc.constant('move' as const),
        booking: fc.nat(9),
        how: fc.constantFrom('it stays' as const, 'it moves' as const, 'delivered first' as const),
      }),
    },
    {
      weight: 1,
      arbitrary: fc.record({ do: fc.constant('miss' as const), booking: fc.nat(9), feeFen: fc.nat(2_500) }),
    },
  ),
  { minLength: 6, maxLength: 22 },
);
const stories = fc.record({
  uses: fc.integer({ min: 1, max: 5 }),
  more: fc.nat(9_995),
  steps,
});

interface Service {
  booking: BookingHeld;
  wish: 'auto' | 'named' | 'none';
  /** Of the package; undefined: by the price list. */
  use?: { sequence: number; partFen: number };
  state: 'to_come' | 'delivered' | 'over';
  /** What of the package it holds or has used up. */
  packageFen: number;
}

async function aPackage(uses: number, amountFen: number): Promise<{ id: string; residentId: string }> {
  const resident = aResident(billing.scene);
  await billing.deliver(resident);
  const offers = billing.running.app.get(PackageOffersService);
  const { contractId } = billing.scene;
  const terms = {
    contractId,
    name: '套餐',
    kind: 'meals',
    uses,
    amountFen,
    validDays: 30,
    from: '2026-01-01',
  };
  const { id: offerId } = await offers.offer(terms);
  const paid = { channel: 'cash' as const, merchantOrderNo: `PK${newId()}`, paidAt: `${DAY}T01:00:00Z` };
  const { residentId } = resident;
  return billing.running.app.get(PackagesService).sell({ offerId, residentId, ...paid });
}

async function end(
  step: Extract<Step, { do: 'deliver' | 'cancel' | 'miss' }>,
  service: Service,
): Promise<number> {
  const { booking, use } = service;
  const owedFen = use?.partFen ?? LIST_FEN;
  if (step.do === 'deliver') {
    await billing.deliver(delivered(booking));
    service.state = 'delivered';
    return owedFen;
  }
  service.state = 'over';
  const feeFen = 'feeFen' in step ? step.feeFen : 0;
  if (feeFen === 0) {
    await billing.deliver(cancelled(booking));
    return 0;
  }
  const { expiresAt: _expiresAt, ...facts } = booking;
  await billing.deliver(event(BookingNoShow, { ...facts, feeFen, version: 3 }));
  return Math.min(feeFen, owedFen);
}

/** Another booking takes the place of one: with a use that is free, else with the one that it has; or it falls, and that one stays. */
async function move(
  from: Service,
  how: Extract<Step, { do: 'move' }>['how'],
  { id, mayTake, next }: { id: string; mayTake: boolean; next?: Service['use'] },
): Promise<Service> {
  const packageId = { auto: undefined, none: 'none', named: id }[from.wish];
  const replaces = from.booking.bookingId;
  const booking = held(billing.scene, from.booking.residentId, { packageId, replaces });
  await billing.deliver(booking);
  const use = mayTake ? (next ?? from.use) : undefined;
  const fallen: Service = { booking, wish: from.wish, state: 'over', packageFen: 0 };
  // Who names the package gets a use of it, or nothing.
  if (from.wish === 'named' && !use) return fallen;
  if (how === 'it stays') {
    await billing.deliver(cancelled(booking));
    return fallen;
  }
  if (how === 'delivered first') await billing.deliver(delivered(booking));
  await billing.deliver(cancelled(from.booking));
  [from.state, from.packageFen] = ['over', 0];
  const state = how === 'it moves' ? 'to_come' : 'delivered';
  return { booking, wish: from.wish, use, state, packageFen: use?.partFen ?? 0 };
}

async function play({
  uses,
  more,
  steps: story,
}: {
  uses: number;
  more: number;
  steps: Step[];
}): Promise<void> {
  // No part is above the contract's ceiling of 20 yuan.
  const amountFen = uses + Math.min(more, uses * 1_999);
  const { id, residentId } = await aPackage(uses, amountFen);
  const packages = billing.running.app.get(PackagesService);
  let free = partsOf(amountFen, uses).map((partFen, index) => ({ sequence: index + 1, partFen }));
  let [refundedFen, ended, autoUse] = [0, false, true];
  const services: Service[] = [];
  /** What a service that is over had is free again. */
  const give = ({ use, state, packageFen }: Service) => {
    if (use && state === 'over' && packageFen === 0)
      free = [...free, use].sort((a, b) => a.sequence - b.sequence);
  };
  const freeFen = () => amountFen - refundedFen - services.reduce((sum, one) => sum + one.packageFen, 0);
  for (const step of story) {
    if (step.do === 'hold') {
      const packageId = { auto: undefined, none: 'none', named: id }[step.wish];
      const booking = held(billing.scene, residentId, { packageId });
      await billing.deliver(booking);
      const takes = step.wish === 'named' || (step.wish === 'auto' && autoUse);
      const use = takes && !ended ? free.shift() : undefined;
      // Who names the package gets its use, or nothing.
      const state = step.wish === 'named' && !use ? 'over' : 'to_come';
      services.push({ booking, wish: step.wish, use, state, packageFen: use?.partFen ?? 0 });
    } else if (step.do === 'choose') {
      autoUse = !autoUse;
      await packages.choose(id, autoUse);
    } else if (step.do === 'refund') {
      if (freeFen() === 0) continue;
      refundedFen += freeFen();
      const money = { merchantRefundNo: `R${newId()}`, refundedAt: `${DAY}T06:00:00Z`, reason: 'asked_for' };
      await packages.refund(id, money);
      [ended, free] = [true, []];
    } else if ('booking' in step) {
      const service = services[step.booking % Math.max(1, services.length)] as Service | undefined;
      if (service?.state !== 'to_come') continue;
      if (step.do === 'move') {
        const { wish } = service;
        const mayTake = !ended && (wish === 'named' || (wish === 'auto' && autoUse));
        const moved = await move(service, step.how, { id, mayTake, next: free[0] });
        if (moved.state !== 'over') services.push(moved);
        if (moved.packageFen > 0 && moved.use === free[0]) free = free.slice(1);
        if (moved.use !== service.use) give(service);
        continue;
      }
      const owedFen = await end(step, service);
      if (!service.use) continue;
      service.packageFen = owedFen;
      if (owedFen === 0) give(service);
    }
  }
  const found = await packages.find(id);
  const reservedFen = services
    .filter(({ state }) => state === 'to_come')
    .reduce((sum, one) => sum + one.packageFen, 0);
  expect(found).toMatchObject({ freeFen: freeFen(), refundedFen, usesFree: free.length });
  expect(found.useList.reduce((sum, { partFen }) => sum + partFen, 0)).toBe(amountFen);
  expect(await packages.statement(id, period)).toMatchObject({ closingFen: freeFen() + reservedFen });
}

it('the parts of a package telescope to its price, and the books tie', async () => {
  await runAs(billing.owner, () => fc.assert(fc.asyncProperty(stories, play), { numRuns: 12 }));
  const reports = billing.running.app.get(ReportsService);
  expect(await runAs(billing.finance, () => reports.ties({ period }))).toMatchObject({ differenceFen: 0 });
});
