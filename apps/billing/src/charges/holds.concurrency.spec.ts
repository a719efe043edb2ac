import type { BookingHeld } from '@doorstep/contracts';
import { newId } from '@doorstep/kernel';
import { type Received, runAs, SYSTEM_ACTOR } from '@doorstep/platform';
import {
  type Billing,
  aResident,
  budgetOf,
  cancelled,
  DAY,
  delivered,
  held,
  setPrice,
  setProgramme,
  startBilling,
} from '../billing.harness';
import { abreast } from '../faults.harness';
import { accountId } from '../ledger/account';
import { LedgerService } from '../ledger/ledger.service';
import { CapturesService } from './captures.service';
import { HoldsService } from './holds.service';
import { ReleasesService } from './releases.service';

/*
 * Many transactions at once, each its own connection, on one small budget and on one resident's caps. The services are
 * called beside the consumer, so that nothing but the database keeps them apart.
 */
const PARALLEL = 64;
let billing: Billing;

beforeAll(async () => {
  billing = await startBilling({ DATABASE_POOL_MAX: '24' });
  await setPrice(billing);
});
afterAll(() => billing?.stop());

function received<E extends BookingHeld>(data: E): Received<E> {
  const { operatorId, bookingId: key, version } = data;
  return { id: newId(), type: '', data, key, operatorId, version, time: new Date(), correlationId: newId() };
}
const service = <T>(type: new (...args: never[]) => T): T => billing.running.app.get(type);
const holdEach = (bookings: BookingHeld[]) =>
  Promise.all(
    bookings.map((booking) =>
      runAs(SYSTEM_ACTOR, () => service(HoldsService).authorise([received(booking)])),
    ),
  );
const givenBy = async (programmeId: string): Promise<number[]> => {
  const { rows } = await billing.db.query<{ fen: number }>(
    'SELECT reserved_fen AS fen FROM charge_share WHERE programme_id = $1 ORDER BY reserved_fen DESC',
    [programmeId],
  );
  return rows.map(({ fen }) => fen);
};

const waiting = async (): Promise<number> => {
  const { rows } = await billing.db.query(
    `SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
  );
  return rows.length;
};

describe(`${PARALLEL} holds at once`, () => {
  it('spend a small budget to the last fen and never over', async () => {
    const programme = await setProgramme(billing, { budgetFen: 7 * 200 + 33, order: 1 });
    const residents = Array.from({ length: PARALLEL }, () => aResident(billing.scene));
    await billing.deliver(...residents);
    await holdEach(residents.map(({ residentId }) => held(billing.scene, residentId)));

    expect(await givenBy(programme.id)).toEqual([200, 200, 200, 200, 200, 200, 200, 33]);
    expect(await budgetOf(billing, programme.id)).toMatchObject({ reservedFen: 1433, leftFen: 0 });
    const { rows } = await billing.db.query(
      `SELECT count(*)::int AS charges, count(*) FILTER (WHERE gross_fen <> 1800)::int AS wrong FROM charge WHERE status = 'authorised'`,
    );
    expect(rows[0]).toEqual({ charges: PARALLEL, wrong: 0 });
  });

  it('spend one resident’s cap of the day to the last fen and never over', async () => {
    const programme = await setProgramme(billing, { caps: { perDayFen: 1250 }, order: 2 });
    const resident = aResident(billing.scene);
    await billing.deliver(resident);
    await holdEach(Array.from({ length: PARALLEL }, () => held(billing.scene, resident.residentId)));

    expect(await givenBy(programme.id)).toEqual([200, 200, 200, 200, 200, 200, 50]);
    const { rows } = await billing.db.query(
      'SELECT used_fen, uses FROM cap_counter WHERE programme_id = $1',
      [programme.id],
    );
    expect(rows).toEqual([{ used_fen: 1250, uses: 7 }]);
  });

  it('take a cap of uses exactly as often as it says', async () => {
    const programme = await setProgramme(billing, { caps: { perDayUses: 3 }, order: 3 });
    const resident = aResident(billing.scene);
    await billing.deliver(resident);
    await holdEach(Array.from({ length: PARALLEL }, () => held(billing.scene, resident.residentId)));
    expect(await givenBy(programme.id)).toEqual([200, 200, 200]);
  });
});

describe('a delivery that waits for a budget', () => {
  it('has opened no account yet: who holds the budget, as a re-rating does, may come to open the same one', async () => {
    const programme = await setProgramme(billing, { order: 4 });
    const resident = aResident(billing.scene);
    await billing.deliver(resident);
    const booking = held(billing.scene, resident.residentId);
    await holdEach([booking]);

    const other = await billing.db.connect();
    const posting = jest.spyOn(service(LedgerService), 'post');
    try {
      await other.query('BEGIN');
      await other.query('SELECT FROM programme_budget WHERE programme_id = $1 FOR NO KEY UPDATE', [
        programme.id,
      ]);
      const capturing = runAs(SYSTEM_ACTOR, () =>
        service(CapturesService).capture([received(delivered(booking) as never)]),
      );
      await billing.eventually(async () => expect(await waiting()).toBe(1));
      const { operatorId, contractId, siteId } = billing.scene;
      const account = { operatorId, contractId, kind: 'resident_receivable', siteId } as const;
      await other.query(
        `INSERT INTO ledger_account (id, operator_id, contract_id, kind, class, site_id)
         VALUES ($1, $2, $3, $4, 'asset', $5)`,
        [accountId(account), operatorId, contractId, account.kind, siteId],
      );
      await other.query('COMMIT');
      await capturing;
    } finally {
      other.release();
    }
    // Once: after a deadlock it would have tried again.
    expect(posting).toHaveBeenCalledTimes(1);
    expect(await budgetOf(billing, programme.id)).toMatchObject({ reservedFen: 0, spentFen: 200 });
  });
});

describe('a payment and a delivery at once', () => {
  it('meet: what was paid while the delivery waited is applied to it', async () => {
    const resident = aResident(billing.scene);
    await billing.deliver(resident);
    const booking = held(billing.scene, resident.residentId);
    await holdEach([booking]);
    const { rows: before } = await billing.db.query<{ fen: number }>(
      'SELECT resident_fen AS fen FROM charge WHERE booking_id = $1',
      [booking.bookingId],
    );
    const pay = async (): Promise<void> => {
      const merchantOrderNo = `DS${newId().replaceAll('-', '').slice(-20)}`;
      const paid = {
        channel: 'wechat',
        merchantOrderNo,
        amountFen: before[0].fen,
        paidAt: `${DAY}T02:00:00Z`,
      };
      const payment = { ...paid, bookingIds: [booking.bookingId] };
      await billing.as(billing.finance).post('/v1/payments').send(payment).expect(201);
    };
    const deliver = async (): Promise<void> => {
      // Behind the payment, which waits at the gate and has the charge.
      await billing.eventually(async () => expect(await waiting()).toBe(1));
      await runAs(SYSTEM_ACTOR, () =>
        service(CapturesService).capture([received(delivered(booking) as never)]),
      );
    };
    await abreast(billing, 'charge', [pay, deliver]);

    const { rows } = await billing.db.query(
      `SELECT charge.status, charge.paid_fen AS "paidFen", allocation.applied,
              (SELECT sum(amount_fen)::int FROM ledger_line JOIN ledger_account ON ledger_account.id = account_id
               WHERE charge_id = charge.id AND kind = 'resident_receivable') AS "openFen"
       FROM charge JOIN payment_allocation AS allocation ON allocation.charge_id = charge.id WHERE booking_id = $1`,
      [booking.bookingId],
    );
    expect(rows).toEqual([{ status: 'captured', paidFen: before[0].fen, applied: true, openFen: 0 }]);
  });
});

describe('holds, cancellations and deliveries at once', () => {
  it('leave budgets and caps with exactly what stands', async () => {
    const programmes = await Promise.all(
      [{ perMonthFen: 900 }, { perDayUses: 2 }].map((caps, i) =>
        setProgramme(billing, { caps, budgetFen: 2111, order: 5 + i }),
      ),
    );
    const residents = Array.from({ length: 8 }, () => aResident(billing.scene));
    await billing.deliver(...residents);
    const bookings = Array.from({ length: PARALLEL }, (_, i) =>
      held(billing.scene, residents[i % 8].residentId),
    );
    const [first, second] = [bookings.slice(0, 32), bookings.slice(32)];
    await holdEach(first);
    await Promise.all([
      holdEach(second),
      ...first
        .filter((_, i) => i % 2 === 0)
        .map((booking) =>
          runAs(SYSTEM_ACTOR, () =>
            service(ReleasesService).release([received(cancelled(booking) as never)]),
          ),
        ),
      ...first
        .filter((_, i) => i % 2 === 1)
        .map((booking) =>
          runAs(SYSTEM_ACTOR, () =>
            service(CapturesService).capture([received(delivered(booking) as never)]),
          ),
        ),
    ]);

    const { rows } = await billing.db.query(
      `SELECT budget.reserved_fen, budget.spent_fen,
              coalesce(sum(share.reserved_fen) FILTER (WHERE charge.status = 'authorised'), 0)::int AS standing,
              coalesce(sum(share.captured_fen) FILTER (WHERE charge.status = 'captured'), 0)::int AS captured,
              (SELECT sum(used_fen)::int FROM cap_counter WHERE cap_counter.programme_id = budget.programme_id) AS used
       FROM programme_budget AS budget JOIN charge_share AS share ON share.budget_id = budget.id
       JOIN charge ON charge.id = share.charge_id
       WHERE budget.programme_id = ANY ($1) GROUP BY budget.id`,
      [programmes.map(({ id }) => id)],
    );
    expect(rows).toHaveLength(2);
    for (const row of rows) {
      expect([row.reserved_fen, row.spent_fen]).toEqual([row.standing, row.captured]);
      expect(row.used).toBe(row.standing + row.captured);
      expect(row.standing + row.captured).toBeLessThanOrEqual(2111);
    }
    const { rows: unbalanced } = await billing.db.query(
      'SELECT entry_id FROM ledger_line GROUP BY entry_id HAVING sum(amount_fen) <> 0',
    );
    expect(unbalanced).toEqual([]);
  });
});
