import type { BookingHeld } from '@doorstep/contracts';
import { DomainError, newId } from '@doorstep/kernel';
import { runAs } from '@doorstep/platform';
import fc from 'fast-check';
import {
  aResident,
  asChildcare,
  type Billing,
  cancelled,
  DAY,
  delivered,
  held,
  setPrice,
  startBilling,
} from '../billing.harness';
import { ReportsService } from '../reports/reports.service';
import { PrepaidRulesService } from './prepaid-rules.service';
import { PrepaidService } from './prepaid.service';

/* Whatever is topped up, paid, delivered, cancelled and given back: a card holds what a naive one does, and the books tie. */
const period = DAY.slice(0, 7);
let billing: Billing;
beforeAll(async () => {
  billing = await startBilling({ PERIODIC: 'false' });
  await setPrice(billing);
  await setPrice(billing, { kind: 'childcare', unit: 'hour', amountFen: 3000 });
  const rule = { from: '2026-01-01', balanceMaxFen: 500_000, source: '商务部令2012年第9号 第十八条' };
  await runAs(billing.owner, () => billing.running.app.get(PrepaidRulesService).set(rule));
});
afterAll(() => billing?.stop());

type Step =
  | { do: 'top_up' | 'refund'; fen: number }
  | { do: 'hold'; childcare: boolean }
  | { do: 'pay'; booking: number; fen: number }
  | { do: 'end'; booking: number; minutes: number };
const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof(
    fc.record({
      do: fc.constantFrom('top_up' as const, 'refund' as const),
      fen: fc.integer({ min: 1, max: 6_000 }),
    }),
    fc.record({ do: fc.constant('hold' as const), childcare: fc.boolean() }),
    fc.record({
      do: fc.constant('pay' as const),
      booking: fc.nat(5),
      fen: fc.integer({ min: 1, max: 6_000 }),
    }),
    fc.record({ do: fc.constant('end' as const), booking: fc.nat(5), minutes: fc.nat(120) }),
  ),
  { minLength: 8, maxLength: 24 },
);

/** Looks at everything that ever happened instead of keeping counters. */
class NaiveCard {
  inFen = 0;
  outFen = 0;
  services: {
    owedFen: number;
    paidFen: number;
    state: 'to_come' | 'delivered' | 'fallen';
    perHour: boolean;
  }[] = [];
  paidFen = (which = this.services) => which.reduce((sum, service) => sum + service.paidFen, 0);
  balanceFen = () => this.inFen - this.outFen - this.paidFen();
  storedFen = () =>
    this.balanceFen() + this.paidFen(this.services.filter(({ state }) => state === 'to_come'));
}

const topUp = (amountFen: number) => ({
  ...{ channel: 'wechat' as const, merchantOrderNo: `TU${newId()}`, amountFen, paidAt: `${DAY}T02:00:00Z` },
});
const refund = (paymentId: string, amountFen: number) => ({
  ...{ paymentId, merchantRefundNo: `R${newId()}`, amountFen, refundedAt: `${DAY}T06:00:00Z` },
  reason: 'asked_for',
});

async function refusedWith(work: Promise<unknown>): Promise<string | undefined> {
  try {
    await work;
    return undefined;
  } catch (error) {
    if (error instanceof DomainError) return error.code;
    throw error;
  }
}

async function play(story: Step[]): Promise<void> {
  const resident = aResident(billing.scene);
  await billing.deliver(resident);
  const { residentId } = resident;
  const cards = billing.running.app.get(PrepaidService);
  const { contractId } = billing.scene;
  const { id: cardId } = await cards.issue({ contractId, residentId, number: `N-${newId().slice(-12)}` });
  const naive = new NaiveCard();
  const bookings: BookingHeld[] = [];
  for (const step of story) {
    if (step.do === 'top_up') {
      await cards.topUp(cardId, topUp(step.fen));
      naive.inFen += step.fen;
    } else if (step.do === 'refund') {
      const { topUps } = await cards.find(cardId);
      const from = topUps.find(({ freeFen }) => freeFen >= step.fen);
      if (!from) continue;
      await cards.refund(cardId, refund(from.paymentId, step.fen));
      naive.outFen += step.fen;
    } else if (step.do === 'hold') {
      const booking = held(billing.scene, residentId, step.childcare ? asChildcare(billing.scene) : {});
      await billing.deliver(booking);
      bookings.push(booking);
      const owedFen = step.childcare ? 6_000 : 1_800;
      naive.services.push({ owedFen, paidFen: 0, state: 'to_come', perHour: step.childcare });
    } else if ((step.do === 'pay' || step.do === 'end') && bookings.length > 0) {
      const index = step.booking % bookings.length;
      const service = naive.services[index];
      if (step.do === 'pay') {
        const openFen = service.state === 'fallen' ? 0 : service.owedFen - service.paidFen;
        const code =
          step.fen > openFen ? 'not_owed' : step.fen > naive.balanceFen() ? 'balance_too_low' : undefined;
        const paying = cards.pay(cardId, { bookingIds: [bookings[index].bookingId], amountFen: step.fen });
        expect(await refusedWith(paying)).toBe(code);
        if (!code) service.paidFen += step.fen;
      } else if (service.state === 'to_come') {
        const { minutes } = step;
        await billing.deliver(
          minutes === 0 ? cancelled(bookings[index]) : delivered(bookings[index], { minutes }),
        );
        service.state = minutes === 0 ? 'fallen' : 'delivered';
        if (minutes === 0) service.owedFen = 0;
        else if (service.perHour) service.owedFen = minutes * 50;
        service.paidFen = Math.min(service.paidFen, service.owedFen);
      }
    }
  }
  const card = await cards.find(cardId);
  expect([card.balanceFen, card.balanceFen + card.reservedFen]).toEqual([
    naive.balanceFen(),
    naive.storedFen(),
  ]);
  expect(await cards.statement(cardId, period)).toMatchObject({
    openingFen: 0,
    closingFen: naive.storedFen(),
  });
}

it('a card holds what a naive one holds, and the books tie', async () => {
  await runAs(billing.owner, () => fc.assert(fc.asyncProperty(steps, play), { numRuns: 12 }));
  const reports = billing.running.app.get(ReportsService);
  expect(await runAs(billing.finance, () => reports.ties({ period }))).toMatchObject({ differenceFen: 0 });
});
