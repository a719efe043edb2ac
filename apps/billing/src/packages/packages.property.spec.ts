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
  | { do: 'miss'; booking: number; feeFen: number };
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
      weight: 1,
      arbitrary: fc.record({ do: fc.constant('miss' as const), booking: fc.nat(9), feeFen: fc.nat(2_500) }),
    },
  ),
  { minLength: 6, maxLength: 22 },
);
const stories = fc.record({
  uses: fc.integer({ min: 1, max: 5 }),
  more: fc.nat(5_000),
  steps,
});

interface Service {
  booking: BookingHeld;
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

async function end(step: Extract<Step, { booking: number }>, service: Service): Promise<number> {
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

async function play({
  uses,
  more,
  steps: story,
}: {
  uses: number;
  more: number;
  steps: Step[];
}): Promise<void> {
  const amountFen = uses + more;
  const { id, residentId } = await aPackage(uses, amountFen);
  const packages = billing.running.app.get(PackagesService);
  let free = partsOf(amountFen, uses).map((partFen, index) => ({ sequence: index + 1, partFen }));
  let [refundedFen, ended, autoUse] = [0, false, true];
  const services: Service[] = [];
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
      services.push({ booking, use, state, packageFen: use?.partFen ?? 0 });
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
      const owedFen = await end(step, service);
      if (!service.use) continue;
      service.packageFen = owedFen;
      if (owedFen > 0) continue;
      free = [...free, service.use].sort((a, b) => a.sequence - b.sequence);
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
