import type { BookingHeld } from '@doorstep/contracts';
import { newId } from '@doorstep/kernel';
import { Database, type Received, runAs, SYSTEM_ACTOR } from '@doorstep/platform';
import fc from 'fast-check';
import {
  asChildcare,
  type Billing,
  cancelled,
  delivered,
  held,
  type Scene,
  setPrice,
  setProgramme,
  startBilling,
} from '../billing.harness';
import { CapturesService } from '../charges/captures.service';
import { type Kind, NaiveAccount, PRICE, RULES, sum } from '../charges/charges.oracle';
import { HoldsService } from '../charges/holds.service';
import { ReleasesService } from '../charges/releases.service';
import { concession } from '../corrections/correction';
import { CorrectionsService } from '../corrections/corrections.service';
import { PaymentsService } from '../payments/payments.service';
import { ReRatingsService } from './re-ratings.service';

/*
 * Whatever is held, cancelled, delivered, paid, credited and corrected: caps and budgets hold, entries sum to zero, and the
 * books are those of a naive account that rates everything again from nothing.
 */
const DAYS = ['2026-11-02', '2026-11-03', '2026-12-01'];

type Step =
  | { do: 'hold'; resident: number; day: number; kind: Kind }
  | { do: 'cancel' | 'deliver' | 'pay' | 'credit'; booking: number; amount: number }
  | { do: 'reprice'; kind: Kind; amount: number }
  | { do: 'rule'; rule: number; amount: number }
  | { do: 'correct'; what: 'price' | 'rules' };

const kind = fc.constantFrom<Kind>('meals', 'childcare');
const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof(
    {
      weight: 4,
      arbitrary: fc.record({ do: fc.constant('hold' as const), resident: fc.nat(1), day: fc.nat(2), kind }),
    },
    {
      weight: 6,
      arbitrary: fc.record({
        do: fc.constantFrom('cancel', 'deliver', 'deliver', 'deliver', 'pay', 'credit'),
        booking: fc.nat(20),
        amount: fc.integer({ min: 1, max: 150 }),
      }) as fc.Arbitrary<Step>,
    },
    {
      weight: 1,
      arbitrary: fc.record({
        do: fc.constant('reprice' as const),
        kind,
        amount: fc.integer({ min: 0, max: 4_000 }),
      }),
    },
    {
      weight: 1,
      arbitrary: fc.record({
        do: fc.constant('rule' as const),
        rule: fc.nat(RULES.length - 1),
        amount: fc.integer({ min: 1, max: 6_000 }),
      }),
    },
    {
      weight: 1,
      arbitrary: fc.record({
        do: fc.constant('correct' as const),
        what: fc.constantFrom('price' as const, 'rules' as const),
      }),
    },
  ),
  { minLength: 8, maxLength: 30 },
);

let billing: Billing;
beforeAll(async () => {
  billing = await startBilling({ PERIODIC: 'false' });
});
afterAll(() => billing?.stop());

const service = <T>(type: new (...args: never[]) => T): T => billing.running.app.get(type);
function received<E extends BookingHeld>(data: E): Received<E>[] {
  const { operatorId, bookingId: key, version } = data;
  const type = 'bookings.BookingCancelled.v1';
  return [{ id: newId(), type, data, key, operatorId, version, time: new Date(), correlationId: newId() }];
}

/** A contract of its own for each run. */
async function aWorld() {
  await billing.db.query(`UPDATE programme_terms SET to_day = from_day + 1 WHERE to_day IS NULL`);
  const scene = { ...billing.scene, contractId: newId() };
  const [one, other] = [newId(), newId()];
  await billing.db.query(
    `INSERT INTO known_contract SELECT $2, operator_id, authority_id, number, status, from_day, to_day,
            '[{"kind":"meals"},{"kind":"childcare"}]', 1 FROM known_contract WHERE id = $1`,
    [billing.scene.contractId, scene.contractId],
  );
  await billing.db.query(
    `INSERT INTO known_placement SELECT gen_random_uuid(), operator_id, $2, site_id, from_day, to_day, kinds, in_force, 1
     FROM known_placement WHERE contract_id = $1`,
    [billing.scene.contractId, scene.contractId],
  );
  await billing.db.query(
    `INSERT INTO known_resident SELECT id, $1, '1955-05-05', '310101013001', NULL, NULL, false, false, NULL, true, false, 1
     FROM unnest($2::uuid[]) AS id`,
    [scene.operatorId, [one, other]],
  );
  const { contractId } = scene;
  const childcare = { contractId, kind: 'childcare', unit: 'hour', amountFen: PRICE.childcare };
  const prices = {
    meals: await setPrice(billing, { contractId }),
    childcare: await setPrice(billing, childcare),
  };
  const programmes: string[] = [];
  for (const [order, { kind: of, budgetFen, ...rule }] of RULES.entries()) {
    const { id } = await setProgramme(billing, { ...rule, kinds: [of], order, budgetFen });
    await billing.db.query(`UPDATE programme_budget SET period = '2026' WHERE programme_id = $1`, [id]);
    programmes.push(id);
  }
  return { scene, prices, programmes, residents: [one, other] };
}

/** The rules that are in force end on the day they began, so new ones hold for all of the past that matters. */
async function changeRule(programmeId: string, change: { fixedFen?: number; rateBp?: number }) {
  await billing.db.query(
    `WITH ended AS (UPDATE programme_terms SET to_day = from_day + 1 WHERE programme_id = $1 AND to_day IS NULL RETURNING *)
     INSERT INTO programme_terms (id, programme_id, from_day, kinds, modes, eligibility, base, rate_bp, fixed_fen,
            minimum_gross_fen, caps, position, excludes, created_by, created_at)
     SELECT $2, programme_id, from_day + 1, kinds, modes, eligibility, base, $3, $4, minimum_gross_fen, caps, position,
            excludes, created_by, created_at FROM ended`,
    [programmeId, newId(), change.rateBp ?? null, change.fixedFen ?? null],
  );
}

async function correct({ contractId }: Scene, what: 'price' | 'rules') {
  const asked = {
    ...{ contractId, from: '2026-11-01', to: '2027-01-01' },
    reason: what === 'price' ? ('price_changed' as const) : ('programme_changed' as const),
  };
  const reRatings = service(ReRatingsService);
  const preview = await runAs(billing.finance, () => reRatings.preview(asked));
  const applied = await runAs(billing.finance, () => reRatings.apply(preview.id));
  expect(applied).toMatchObject({ status: 'applied', skipped: 0, applied: preview.changed });
  return applied;
}

async function play(story: Step[], world: Awaited<ReturnType<typeof aWorld>>) {
  const naive = new NaiveAccount();
  const bookings: BookingHeld[] = [];
  for (const step of story) {
    if (step.do === 'hold') {
      const serviceDay = DAYS[step.day];
      const what = step.kind === 'childcare' ? asChildcare(world.scene) : {};
      const booking = held(world.scene, world.residents[step.resident], { ...what, serviceDay });
      await runAs(SYSTEM_ACTOR, () => service(HoldsService).authorise(received(booking)));
      bookings.push(booking);
      naive.hold(step.resident, serviceDay, step.kind);
    } else if (step.do === 'reprice') {
      await billing.db.query(`UPDATE price SET amount_fen = $2 WHERE id = $1`, [
        world.prices[step.kind],
        step.amount,
      ]);
      naive.prices[step.kind] = step.amount;
    } else if (step.do === 'rule') {
      const { fixedFen: fixed, ...rule } = naive.rules[step.rule];
      const change = fixed === undefined ? { rateBp: step.amount } : { fixedFen: step.amount };
      await changeRule(world.programmes[step.rule], change);
      naive.rules[step.rule] = { ...rule, ...change };
    } else if (step.do === 'correct') {
      await correct(world.scene, step.what);
      naive.correct(step.what);
    } else {
      const index = step.booking % Math.max(1, bookings.length);
      const [booking, remembered] = [bookings[index], naive.bookings[index]];
      if (!booking) continue;
      await touch(step, booking, remembered, naive);
    }
  }
  return { naive, bookings };
}

async function touch(
  step: Extract<Step, { booking: number }>,
  booking: BookingHeld,
  remembered: NaiveAccount['bookings'][number],
  naive: NaiveAccount,
): Promise<void> {
  if (step.do === 'deliver') {
    const news = delivered(booking, { minutes: step.amount });
    await runAs(SYSTEM_ACTOR, () => service(CapturesService).capture(received(news as never)));
    if (remembered.status === 'authorised') naive.deliver(remembered, step.amount);
  } else if (step.do === 'pay') {
    await runAs(billing.owner, () =>
      service(PaymentsService).record({
        ...{ channel: 'cash', merchantOrderNo: newId(), amountFen: step.amount * 40 },
        ...{ paidAt: '2026-11-02T00:00:00Z', bookingIds: [booking.bookingId] },
      }),
    );
  } else if (step.do === 'credit') {
    const amountFen = Math.min(step.amount * 5, naive.owedFen(remembered));
    if (remembered.status !== 'captured' || amountFen === 0) return;
    const { rows } = await billing.db.query(`SELECT id FROM charge WHERE booking_id = $1`, [
      booking.bookingId,
    ]);
    const cause = { reason: 'credited', sourceType: 'credit_note', sourceId: newId(), day: DAYS[0] } as const;
    await runAs(billing.owner, () =>
      service(Database).write((tx) =>
        service(CorrectionsService).post(tx, cause, [concession(rows[0].id, amountFen)]),
      ),
    );
    // What was credited beyond what is owed after a correction revives with the debt: it was promised.
    remembered.creditedFen += amountFen;
  } else if (remembered.status !== 'captured') {
    await runAs(SYSTEM_ACTOR, () => service(ReleasesService).release(received(cancelled(booking) as never)));
    remembered.status = 'released';
  }
}

it('any story of corrections has the books of a naive account, and the same once more changes nothing', async () => {
  await fc.assert(
    fc.asyncProperty(steps, async (story) => {
      const world = await aWorld();
      const { naive, bookings } = await play(story, world);
      await assertBooks(world.programmes, naive, bookings);
      for (const what of ['price', 'rules'] as const) {
        await correct(world.scene, what);
        naive.correct(what);
        expect(await correct(world.scene, what)).toMatchObject({ changed: 0, applied: 0, grossFen: 0 });
      }
      await assertBooks(world.programmes, naive, bookings);
    }),
    { numRuns: 10, endOnFailure: true },
  );
}, 240_000);

async function assertBooks(
  programmes: string[],
  naive: NaiveAccount,
  bookings: BookingHeld[],
): Promise<void> {
  const { rows } = await billing.db.query(
    `SELECT status, (gross_fen + k.gross)::int AS gross, (resident_fen + resident_correction_fen)::int AS owed,
            (SELECT jsonb_object_agg(id, fen) FROM (
               SELECT id, sum(fen) AS fen FROM (
                 SELECT programme_id AS id, coalesce(captured_fen, reserved_fen) AS fen FROM charge_share WHERE charge_id = charge.id
                 UNION ALL SELECT programme_id, amount_fen FROM share_correction WHERE charge_id = charge.id) AS s
               GROUP BY id) AS g) AS gave
     FROM unnest($1::uuid[]) WITH ORDINALITY AS sought (id, place) JOIN charge ON booking_id = sought.id
     CROSS JOIN LATERAL (SELECT coalesce(sum(gross_fen), 0) AS gross FROM charge_correction WHERE charge_id = charge.id) AS k
     ORDER BY place`,
    [bookings.map(({ bookingId }) => bookingId)],
  );
  expect(rows.map(({ gave, ...row }) => ({ ...row, gave: programmes.map((id) => gave?.[id] ?? 0) }))).toEqual(
    naive.bookings.map((one) => ({
      ...{ status: one.status, gross: one.grossFen, gave: one.gave },
      owed: one.status === 'captured' ? naive.owedFen(one) : one.grossFen - sum(one.gave),
    })),
  );
  const given = (index: number, status: string) =>
    sum(naive.bookings.filter((one) => one.status === status).map((one) => one.gave[index]));
  const { rows: budgets } = await billing.db.query(
    `SELECT reserved_fen AS reserved, spent_fen AS spent, coalesce((SELECT max(fen) FROM (
        SELECT sum(used_fen)::int AS fen FROM cap_counter c WHERE c.programme_id = sought.id GROUP BY span) AS s), 0) AS counted
     FROM unnest($1::uuid[]) WITH ORDINALITY AS sought (id, place)
     JOIN programme_budget AS budget ON budget.programme_id = sought.id ORDER BY place`,
    [programmes],
  );
  budgets.forEach(({ reserved, spent, counted }, index) => {
    expect({ reserved, spent }).toEqual({
      reserved: given(index, 'authorised'),
      spent: given(index, 'captured'),
    });
    expect(counted).toBe(reserved + spent);
  });
  const { rows: ledger } = await billing.db.query(
    `WITH mine AS (SELECT * FROM charge WHERE booking_id = ANY ($1) AND status = 'captured'),
     lines AS (SELECT a.kind, l.amount_fen FROM ledger_line l JOIN ledger_account a ON a.id = l.account_id
               WHERE l.charge_id IN (SELECT id FROM mine))
     SELECT (SELECT count(*)::int FROM (SELECT FROM ledger_line GROUP BY entry_id HAVING sum(amount_fen) <> 0) AS x) AS unbalanced,
            (SELECT coalesce(-sum(amount_fen), 0)::int FROM lines WHERE kind = 'service_revenue') AS revenue,
            (SELECT coalesce(sum(amount_fen), 0)::int FROM lines WHERE kind = 'funder_receivable') AS funders,
            (SELECT coalesce(sum(amount_fen), 0)::int FROM lines WHERE kind = 'resident_receivable') AS receivable,
            (SELECT coalesce(sum(resident_fen + resident_correction_fen - paid_fen), 0)::int FROM mine) AS open`,
    [bookings.map(({ bookingId }) => bookingId)],
  );
  const captured = naive.bookings.filter(({ status }) => status === 'captured');
  expect(ledger[0]).toEqual({
    ...{ unbalanced: 0, revenue: sum(captured.map(({ grossFen }) => grossFen)) },
    ...{
      funders: sum(captured.map(({ gave }) => sum(gave))),
      receivable: ledger[0].open,
      open: ledger[0].open,
    },
  });
}
