import type { BookingHeld } from '@doorstep/contracts';
import { newId } from '@doorstep/kernel';
import { Database, type Received, runAs, SYSTEM_ACTOR } from '@doorstep/platform';
import fc from 'fast-check';
import {
  type Billing,
  aResident,
  asChildcare,
  cancelled,
  delivered,
  held,
  setPrice,
  setProgramme,
  startBilling,
} from '../billing.harness';
import { trialBalance } from '../ledger/ledger.queries';
import { PaymentsService } from '../payments/payments.service';
import { assertMoney, mend, type Mending, type RememberedPayment } from '../payments/payments.oracle';
import { CapturesService } from './captures.service';
import { type Kind, NaiveAccount, PRICE, type Remembered, RULES, sum } from './charges.oracle';
import { HoldsService } from './holds.service';
import { ReleasesService } from './releases.service';

/*
 * Whatever is held, cancelled, delivered, paid and given back, in whatever order and how often: the books are those of a
 * naive account that looks back over everything instead of keeping counters.
 */
const DAYS = ['2026-11-02', '2026-11-03', '2026-12-01'];

/** Days that pass while a story is played. */
const FIRST_DAY = '2026-11-01';
const DAYS_MAX = 8;
const dayAfter = (days: number): string =>
  new Date(Date.parse(FIRST_DAY) + days * 86_400_000).toISOString().slice(0, 10);

type Step =
  | { do: 'sleep' }
  | { do: 'hold'; resident: number; day: number; kind: Kind }
  | { do: 'cancel' | 'deliver'; booking: number; minutes: number }
  | { do: 'pay'; booking: number; fen: number }
  | Mending;

const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof(
    {
      weight: 4,
      arbitrary: fc.record({
        do: fc.constant('hold' as const),
        resident: fc.nat(1),
        day: fc.nat(2),
        kind: fc.constantFrom<Kind>('meals', 'childcare'),
      }),
    },
    {
      weight: 3,
      arbitrary: fc.record({
        do: fc.constantFrom('cancel' as const, 'deliver' as const),
        booking: fc.nat(20),
        minutes: fc.nat(150),
      }),
    },
    {
      weight: 2,
      arbitrary: fc.record({
        do: fc.constant('pay' as const),
        booking: fc.nat(20),
        fen: fc.integer({ min: 1, max: 7000 }),
      }),
    },
    { weight: 2, arbitrary: fc.record({ do: fc.constant('sleep' as const) }) },
    {
      weight: 2,
      arbitrary: fc.record({
        do: fc.constantFrom('refund' as const, 'void' as const, 'correct' as const, 'unrefund' as const),
        payment: fc.nat(10),
        fen: fc.integer({ min: 1, max: 4000 }),
      }),
    },
  ),
  { minLength: 5, maxLength: 25 },
);

let billing: Billing;
beforeAll(async () => {
  billing = await startBilling();
  await setPrice(billing);
  await setPrice(billing, { kind: 'childcare', unit: 'hour', amountFen: PRICE.childcare });
});
afterAll(() => billing?.stop());

const service = <T>(type: new (...args: never[]) => T): T => billing.running.app.get(type);
function received<E extends BookingHeld>(data: E): Received<E>[] {
  const { operatorId, bookingId: key, version } = data;
  return [
    {
      id: newId(),
      type: 'bookings.BookingCancelled.v1',
      data,
      key,
      operatorId,
      version,
      time: new Date(),
      correlationId: newId(),
    },
  ];
}

/** Fresh programmes and residents for each run, on the same service. */
async function aWorld() {
  await billing.db.query(`UPDATE programme_terms SET to_day = from_day + 1 WHERE to_day IS NULL`);
  const programmes: string[] = [];
  for (const [order, { kind, budgetFen, ...rule }] of RULES.entries()) {
    const { id } = await setProgramme(billing, { ...rule, kinds: [kind], order, budgetFen });
    await billing.db.query(`UPDATE programme_budget SET period = '2026' WHERE programme_id = $1`, [id]);
    programmes.push(id);
  }
  const residents = [aResident(billing.scene), aResident(billing.scene)];
  await billing.deliver(...residents);
  return { programmes, residents: residents.map(({ residentId }) => residentId) };
}

async function play(story: Step[], world: Awaited<ReturnType<typeof aWorld>>) {
  const naive = new NaiveAccount();
  const bookings: BookingHeld[] = [];
  const payments: RememberedPayment[] = [];
  let passed = 0;
  billing.clock.set(`${FIRST_DAY}T04:00:00Z`);
  for (const step of story) {
    if (step.do === 'sleep') {
      passed = Math.min(passed + 1, DAYS_MAX);
      billing.clock.set(`${dayAfter(passed)}T04:00:00Z`);
    } else if (step.do === 'hold') {
      const day = DAYS[step.day];
      const what = step.kind === 'childcare' ? asChildcare(billing.scene) : {};
      const booking = held(billing.scene, world.residents[step.resident], { ...what, serviceDay: day });
      await runAs(SYSTEM_ACTOR, () => service(HoldsService).authorise(received(booking)));
      bookings.push(booking);
      naive.hold(step.resident, day, step.kind, dayAfter(passed));
    } else if ('payment' in step) {
      const payment = payments[step.payment % Math.max(1, payments.length)];
      if (payment) await runAs(billing.owner, () => mend(billing, payment, step));
    } else {
      const index = step.booking % Math.max(1, bookings.length);
      const [booking, remembered] = [bookings[index], naive.bookings[index]];
      if (!booking) continue;
      if (step.do === 'pay') {
        const body = {
          channel: 'cash',
          merchantOrderNo: newId(),
          amountFen: step.fen,
          paidAt: '2026-11-02T00:00:00Z',
        } as const;
        const paid = await runAs(billing.owner, () =>
          service(PaymentsService).record({ ...body, bookingIds: [booking.bookingId] }),
        );
        payments.push({ id: paid.id, amountFen: step.fen, refunds: [] });
      } else if (step.do === 'deliver') {
        await runAs(SYSTEM_ACTOR, () =>
          service(CapturesService).capture(received(delivered(booking, step) as never)),
        );
        if (remembered.status === 'authorised') naive.deliver(remembered, step.minutes);
      } else if (remembered.status !== 'captured') {
        await runAs(SYSTEM_ACTOR, () =>
          service(ReleasesService).release(received(cancelled(booking) as never)),
        );
        naive.release(remembered, dayAfter(passed));
      }
    }
  }
  return { naive, bookings, payments };
}

interface BookRow {
  status: string;
  gross_fen: number;
  resident_fen: number;
  paid_fen: number;
  gave: Record<string, number> | null;
}

describe('any story', () => {
  it('has the books of a naive account', async () => {
    await fc.assert(
      fc.asyncProperty(steps, async (story) => {
        const world = await aWorld();
        const before = await pendingByDay();
        const { naive, bookings, payments } = await play(story, world);
        const { rows } = await billing.db.query<BookRow>(
          `SELECT status, gross_fen, resident_fen, paid_fen,
                  (SELECT jsonb_object_agg(programme_id, coalesce(captured_fen, reserved_fen)) FROM charge_share
                   WHERE charge_id = charge.id) AS gave
           FROM unnest($1::uuid[]) WITH ORDINALITY AS sought (id, place) JOIN charge ON booking_id = sought.id ORDER BY place`,
          [bookings.map(({ bookingId }) => bookingId)],
        );
        const books = rows.map(({ status, gross_fen, gave }) => ({
          ...{ status, grossFen: gross_fen, gave: world.programmes.map((id) => gave?.[id] ?? 0) },
        }));
        expect(books).toEqual(
          naive.bookings.map(({ status, grossFen, gave }) => ({ status, grossFen, gave })),
        );
        await assertBudgets(world.programmes, naive);
        await assertLedger(naive.bookings, bookings);
        await assertMoney(billing, payments);
        await assertPending(naive, before);
      }),
      { numRuns: 25 },
    );
  }, 240_000);

  async function assertBudgets(programmes: string[], naive: NaiveAccount): Promise<void> {
    const given = (index: number, status: Remembered['status']) =>
      sum(naive.bookings.filter((one) => one.status === status).map((one) => one.gave[index]));
    const { rows } = await billing.db.query(
      `SELECT reserved_fen AS reserved, spent_fen AS spent,
              (SELECT coalesce(max(sum), 0)::int FROM (SELECT sum(used_fen) FROM cap_counter c WHERE c.programme_id = sought.id GROUP BY span) s) AS counted
       FROM unnest($1::uuid[]) WITH ORDINALITY AS sought (id, place)
       JOIN programme_budget AS budget ON budget.programme_id = sought.id ORDER BY place`,
      [programmes],
    );
    rows.forEach(({ reserved, spent, counted }, index) => {
      expect({ reserved, spent }).toEqual({
        reserved: given(index, 'authorised'),
        spent: given(index, 'captured'),
      });
      expect(counted).toBe(reserved + spent);
    });
  }

  /** What the trial balance says was reserved at the end of each day, and now. */
  async function pendingByDay(): Promise<Map<string | undefined, Record<string, number>>> {
    // And the last two, when what is for December is posted.
    const asked = [undefined, ...Array.from({ length: DAYS_MAX + 1 }, (_, day) => day), 29, 30].map((days) =>
      days === undefined ? undefined : dayAfter(days),
    );
    const db = service(Database);
    const of = async (day: string | undefined) => {
      const rows = await runAs(billing.owner, () => db.read((tx) => trialBalance(tx, day)));
      return Object.fromEntries(rows.map(({ kind, pendingFen }) => [kind, pendingFen]));
    };
    return new Map(await Promise.all(asked.map(async (day) => [day, await of(day)] as const)));
  }

  async function assertPending(
    naive: NaiveAccount,
    before: Map<string | undefined, Record<string, number>>,
  ): Promise<void> {
    for (const [day, now] of await pendingByDay()) {
      const { residentFen, fundersFen } = naive.reservedOn(day);
      const more = (kind: string): number => (now[kind] ?? 0) - (before.get(day)?.[kind] ?? 0);
      const said = ['resident_receivable', 'funder_receivable', 'service_revenue'].map(more);
      expect([day, ...said]).toEqual([day, residentFen, fundersFen, 0 - residentFen - fundersFen]);
    }
  }

  /** Entries balance; revenue, receivables and advances are what charges and payments say. */
  async function assertLedger(remembered: Remembered[], bookings: BookingHeld[]): Promise<void> {
    const captured = remembered.filter(({ status }) => status === 'captured');
    const { rows } = await billing.db.query(
      `WITH mine AS (SELECT id, resident_fen, paid_fen, status FROM charge WHERE booking_id = ANY ($1))
       SELECT (SELECT count(*)::int FROM (SELECT entry_id FROM ledger_line GROUP BY entry_id HAVING sum(amount_fen) <> 0) x) AS unbalanced,
              (SELECT coalesce(-sum(amount_fen), 0)::int FROM ledger_line JOIN ledger_account a ON a.id = account_id
               WHERE a.kind = 'service_revenue' AND charge_id IN (SELECT id FROM mine)) AS revenue,
              (SELECT coalesce(sum(amount_fen), 0)::int FROM ledger_line JOIN ledger_account a ON a.id = account_id
               WHERE a.kind = 'resident_receivable' AND charge_id IN (SELECT id FROM mine)) AS receivable,
              (SELECT coalesce(sum(resident_fen - paid_fen), 0)::int FROM mine WHERE status = 'captured') AS open,
              (SELECT coalesce(sum(amount_fen), 0)::int FROM ledger_line JOIN ledger_account a ON a.id = account_id
               WHERE a.kind = 'resident_advance') AS advance,
              (SELECT coalesce(sum(amount_fen - allocated_fen - refunded_fen), 0)::int FROM payment WHERE voided_at IS NULL) AS free,
              (SELECT coalesce(sum(amount_fen), 0)::int FROM payment_allocation WHERE ended_at IS NULL AND NOT applied) AS waiting,
              (SELECT coalesce(sum(paid_fen), 0)::int FROM charge) AS paid,
              (SELECT coalesce(sum(amount_fen), 0)::int FROM payment_allocation WHERE ended_at IS NULL) AS allocated`,
      [bookings.map(({ bookingId }) => bookingId)],
    );
    const [{ unbalanced, revenue, receivable, open, advance, free, waiting, paid, allocated }] = rows;
    expect(unbalanced).toBe(0);
    expect(revenue).toBe(sum(captured.map(({ grossFen }) => grossFen)));
    expect(receivable).toBe(open);
    expect(advance + free + waiting).toBe(0);
    expect(paid).toBe(allocated);
  }
});
