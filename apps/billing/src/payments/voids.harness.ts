import type { BookingHeld } from '@doorstep/contracts';
import { newId } from '@doorstep/kernel';
import { PeriodicRunner } from '@doorstep/platform';
import { aResident, DAY, held, type Billing } from '../billing.harness';
import { startExceptions } from '../exceptions/exceptions.harness';
import { aBill, line } from '../settlement-files/wechat-bill.examples';

interface Paid {
  id: string;
  merchantOrderNo: string;
  booking: BookingHeld;
}

/** Up to which one person closes a difference, or voids what was recorded wrongly. */
export async function setLimit({ as, owner }: Billing, fourEyesAboveFen: number): Promise<void> {
  const { body } = await as(owner).get('/v1/reconciliation-terms').expect(200);
  const from = `2026-01-${String(body.items.length + 1).padStart(2, '0')}`;
  const rest = { toleranceFen: 0, writeOffMaxFen: 100_000, confirmationsNeeded: 5, overdueDays: 10 };
  await as(owner)
    .post('/v1/reconciliation-terms')
    .send({ from, fourEyesAboveFen, ...rest })
    .expect(201);
}

/**
 * A billing service for the stories of what was recorded wrongly, with bills and a bank that say otherwise.
 * @param limitFen up to which one person voids alone
 */
export async function startVoids(limitFen: number) {
  const exceptions = await startExceptions();
  const { billing, call, billed } = exceptions;
  await setLimit(billing, limitFen);

  async function aBooking(): Promise<BookingHeld> {
    const person = aResident(billing.scene);
    const booking = held(billing.scene, person.residentId);
    await billing.deliver(person, booking);
    return booking;
  }
  /** A lunch of 18 yuan on the 2nd, and what is paid for it. */
  async function paid(changes: Record<string, unknown> = {}, booking?: BookingHeld): Promise<Paid> {
    const lunch = booking ?? (await aBooking());
    const body = {
      ...{ channel: 'wechat', merchantOrderNo: `DS${newId().slice(-20)}`, amountFen: 1_800 },
      ...{ paidAt: `${DAY}T02:00:00Z`, bookingIds: [lunch.bookingId], ...changes },
    };
    const recorded = await call().post('/v1/payments').send(body).expect(201);
    return { ...recorded.body, booking: lunch };
  }

  const post = (path: string, body: object = {}, actor = billing.finance) =>
    call(actor)
      .post(`/v1/payments/${path}`)
      .send({ reason: 'keyed in wrongly', ...body });
  const voided = (id: string) => post(`${id}/void`);
  const corrected = async (id: string, body: object) =>
    (await post(`${id}/corrections`, body).expect(201)).body;
  const refund = (id: string, amountFen: number, changes: object = {}) =>
    post(`${id}/refunds`, {
      ...{ merchantRefundNo: `R${newId()}`, amountFen, refundedAt: `${DAY}T05:00:00Z` },
      ...changes,
    });
  const payment = async (id: string) => (await call().get(`/v1/payments/${id}`).expect(200)).body;
  const charge = async ({ bookingId }: BookingHeld) =>
    (await call().get(`/v1/charges?bookingId=${bookingId}`).expect(200)).body.items[0];
  /** What payments moved, by reason, day and account. */
  async function entriesOf(...ids: string[]): Promise<string[]> {
    const { rows } = await billing.db.query(
      `SELECT e.reason, e.booked_on::text AS day, a.kind, l.amount_fen::int AS fen FROM ledger_entry e
       JOIN ledger_line l ON l.entry_id = e.id JOIN ledger_account a ON a.id = l.account_id
       WHERE e.source_id = ANY ($1) ORDER BY e.number, l.line`,
      [ids],
    );
    return rows.map(({ reason, day, kind, fen }) => `${reason} ${day} ${kind} ${fen}`);
  }

  const sweep = () => billing.running.app.get(PeriodicRunner).runNow('name what was recorded after its bill');
  let days = 0;
  /** For a bill of a day of its own. */
  const nextDay = () => `2026-10-${String(++days).padStart(2, '0')}`;
  const lineOf = (order: string, fen: number, day: string) =>
    line({ order, at: `${day} 09:00:00`, amount: `${fen / 100}.00`, fee: '0.00000', rate: '0.00%' });
  /** @returns the id of an exception that its reconciliation named, by its type */
  async function bill(day: string, ...lines: string[]): Promise<(type: string) => string> {
    const items = await billed('wechat', day, aBill({ lines }));
    return (type) => items.find((one: { type: string }) => one.type === type)?.id;
  }
  /** Whatever was done, all books tie, in every month. */
  async function assertTied(): Promise<void> {
    for (const period of ['2026-10', '2026-11']) {
      const { body } = await call().get(`/v1/reports/ties?period=${period}`).expect(200);
      expect(body.ties.filter(({ difference }: { difference: number }) => difference !== 0)).toEqual([]);
      const ways = await call().get(`/v1/reports/tables/four-way-by-contract?period=${period}`).expect(200);
      expect(ways.body.rows.filter((row: unknown[]) => row.at(-1) !== 0)).toEqual([]);
    }
  }
  const asked = { post, voided, corrected, refund, payment, charge, entriesOf };
  return { ...exceptions, ...asked, aBooking, paid, sweep, nextDay, lineOf, bill, assertTied };
}
