import { type BookingCancelled, type BookingHeld, event, ResidentMerged } from '@doorstep/contracts';
import { newId } from '@doorstep/kernel';
import { type Received, runAs, SYSTEM_ACTOR } from '@doorstep/platform';
import fc from 'fast-check';
import {
  aResident,
  AT,
  type Billing,
  cancelled,
  DAY,
  delivered,
  held,
  setPrice,
  setProgramme,
  startBilling,
} from '../billing.harness';
import { HoldsService } from '../charges/holds.service';
import { ReleasesService } from '../charges/releases.service';
import { HANDLED } from './merges.queries';
import { ResidentMergesService } from './merges.service';

const GIVES_FEN = 200;

const received = <E extends BookingHeld | BookingCancelled | ResidentMerged>(
  data: E,
  type = '',
): Received<E> =>
  ({
    ...{ id: newId(), type, data, key: newId(), operatorId: data.operatorId, version: data.version },
    ...{ time: new Date(), correlationId: newId() },
  }) as unknown as Received<E>;
const people = 4;
const who = fc.nat({ max: people - 1 });
const command = fc.oneof(
  { weight: 5, arbitrary: fc.record({ do: fc.constant('hold' as const), who, day: fc.nat({ max: 2 }) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('end' as const), who, day: fc.nat({ max: 20 }) }) },
);
const rounds = fc.array(fc.array(command, { minLength: 2, maxLength: 8 }), {
  minLength: 3,
  maxLength: 3,
});

describe('two records that are one person', () => {
  let billing: Billing;
  let programmeId: string;

  beforeAll(async () => {
    billing = await startBilling();
    await setPrice(billing);
    const caps = { perDayUses: 2, perMonthFen: 1000 };
    programmeId = (await setProgramme(billing, { caps })).id;
  });
  afterAll(() => billing?.stop());

  const residents = async (count: number): Promise<string[]> => {
    const news = Array.from({ length: count }, () => aResident(billing.scene));
    await billing.deliver(...news);
    return news.map(({ residentId }) => residentId);
  };
  const merged = (residentId: string, survivorId: string): ResidentMerged =>
    event(ResidentMerged, {
      operatorId: billing.scene.operatorId,
      residentId,
      survivorId,
      version: 9,
      at: AT,
    });
  const lunch = (residentId: string, day = DAY): BookingHeld =>
    held(billing.scene, residentId, { serviceDay: day });
  const charge = async ({ bookingId }: BookingHeld) => {
    const { rows } = await billing.db.query<{ resident: string; status: string; funders: number }>(
      `SELECT resident_id AS resident, status, funders_fen::int AS funders FROM charge WHERE booking_id = $1`,
      [bookingId],
    );
    return rows[0];
  };
  const counters = async (ids: readonly string[]) => {
    const { rows } = await billing.db.query<{ id: string; span: string; fen: number; uses: number }>(
      `SELECT resident_id AS id, span, starts_on::text AS day, used_fen::int AS fen, uses FROM cap_counter
       WHERE resident_id = ANY ($1::uuid[]) ORDER BY resident_id, span, starts_on`,
      [ids],
    );
    return rows;
  };

  it('have their caps once: what both had is counted together, and given back together', async () => {
    const [gone, id] = await residents(2);
    const lunches = [lunch(gone), lunch(gone), lunch(id), lunch(id)];
    await billing.deliver(...lunches);
    await billing.deliver(merged(gone, id));
    for (const one of lunches) expect(await charge(one)).toMatchObject({ resident: id, funders: GIVES_FEN });
    expect(await counters([gone, id])).toEqual([
      { id, span: 'day', day: DAY, fen: 800, uses: 4 },
      { id, span: 'month', day: '2026-11-01', fen: 800, uses: 4 },
    ]);
    // Told before the merge and heard after it, and over the cap of the day.
    const late = lunch(gone);
    await billing.deliver(late);
    expect(await charge(late)).toMatchObject({ resident: id, funders: 0 });
    const [tomorrow, after] = [lunch(id, '2026-11-03'), lunch(gone, '2026-11-04')];
    await billing.deliver(tomorrow, after);
    expect([(await charge(tomorrow)).funders, (await charge(after)).funders].sort()).toEqual([0, 200]);
    await billing.deliver(...lunches.slice(0, 3).map((one) => cancelled(one)));
    expect((await counters([gone, id]))[0]).toMatchObject({ id, fen: 200, uses: 1 });
    const again = lunch(id);
    await billing.deliver(again);
    expect(await charge(again)).toMatchObject({ funders: GIVES_FEN });
  });

  it('are one person to what was claimed for either of them', async () => {
    const [gone, id] = await residents(2);
    const served = async (residentId: string): Promise<void> => {
      const booking = lunch(residentId);
      await billing.deliver(booking);
      await billing.deliver(delivered(booking));
    };
    const { funderId, contractId } = billing.scene;
    const finance = billing.as(billing.finance);
    const claim = async () =>
      (await finance.post('/v1/claims').send({ funderId, contractId, period: '2026-11' }).expect(201)).body;
    await served(gone);
    await finance.post(`/v1/claims/${(await claim()).id}/submit`).expect(200);
    await billing.deliver(merged(gone, id));
    await served(id);
    expect((await claim()).findings).toMatchObject([{ code: 'duplicate' }]);
  });

  it('are followed however often and in whatever order merges are heard', async () => {
    const [a, b, c] = await residents(3);
    await billing.deliver(lunch(a), lunch(b), lunch(c));
    await billing.deliver(merged(b, c));
    await billing.deliver(merged(a, b));
    await billing.deliver(merged(b, c));
    expect(await counters([a, b, c])).toEqual([
      expect.objectContaining({ id: c, span: 'day', fen: 600, uses: 3 }),
      expect.objectContaining({ id: c, span: 'month', fen: 600 }),
    ]);
    const { rows } = await billing.db.query(
      `SELECT survivor_id FROM resident_merge WHERE merged_id IN ($1, $2)`,
      [a, b],
    );
    expect(rows).toEqual([{ survivor_id: c }, { survivor_id: c }]);
    const late = lunch(a);
    await billing.deliver(late);
    expect(await charge(late)).toMatchObject({ resident: c, funders: 0 });
    const list = await billing.as(billing.owner).get(`/v1/charges?residentId=${a}`).expect(200);
    expect(list.body.items).toHaveLength(4);
  });

  it('have one draft and one account; an issued invoice keeps the pseudonym that it was printed with', async () => {
    const [gone, id] = await residents(2);
    const lunches = [lunch(gone), lunch(id), lunch(gone, '2026-11-03'), lunch(id, '2026-11-03')];
    await billing.deliver(...lunches);
    await billing.deliver(...lunches.slice(0, 1).map((one) => delivered(one)));
    const owner = billing.as(billing.owner);
    const { contractId } = billing.scene;
    const run = { contractId, period: '2026-11' };
    await owner
      .post('/v1/invoices/issue')
      .send({ ...run, residentId: gone })
      .expect(200);
    await billing.deliver(...lunches.slice(1).map((one) => delivered(one)));
    await owner
      .post('/v1/invoices')
      .send({ ...run, residentId: gone })
      .expect(201);
    await owner
      .post('/v1/invoices')
      .send({ ...run, residentId: id })
      .expect(201);
    await billing.deliver(merged(gone, id));
    const { body } = await owner.get(`/v1/invoices?residentId=${gone}`).expect(200);
    expect(
      body.items.map((one: Record<string, unknown>) => [one.status, one.lines, one.residentId, one.issuedTo]),
    ).toEqual(
      expect.arrayContaining([
        ['issued', 1, id, gone],
        ['draft', 3, id, id],
      ]),
    );
    expect(body.items).toHaveLength(2);
    await expect(
      billing.db.query(`UPDATE invoice SET resident_id = $1 WHERE issued_to = $2`, [newId(), gone]),
    ).rejects.toMatchObject({ constraint: 'document_stays' });
    const month = `contractId=${contractId}&period=2026-11`;
    const account = await owner.get(`/v1/statements?residentId=${gone}&${month}`).expect(200);
    expect(account.body.lines).toHaveLength(4);
    await owner.post('/v1/invoices/issue').send(run).expect(200);
  });

  it('keep what they have paid ahead: both cards, packages and deposits are the one person’s', async () => {
    const [gone, id] = await residents(2);
    const owner = billing.as(billing.owner);
    const { contractId } = billing.scene;
    const rule = { from: '2026-01-01', balanceMaxFen: 100_000, source: '条例' };
    await owner.post('/v1/prepaid-rules').send(rule).expect(201);
    const card = (residentId: string) => {
      const number = newId().slice(-12);
      return owner.post('/v1/prepaid-cards').send({ contractId, residentId, number });
    };
    await card(gone).expect(201);
    await card(id).expect(201);
    const deposit = { contractId, residentId: gone, kind: 'childcare', reason: 'place', amountFen: 5_000 };
    const paid = { channel: 'cash', merchantOrderNo: newId().replaceAll('-', ''), paidAt: AT };
    await owner
      .post('/v1/deposits')
      .send({ ...deposit, ...paid })
      .expect(201);
    await billing.deliver(merged(gone, id));
    const cards = await owner.get(`/v1/prepaid-cards?residentId=${gone}`).expect(200);
    expect(cards.body.items.map((one: { residentId: string }) => one.residentId)).toEqual([id, id]);
    expect((await card(gone).expect(410)).body).toMatchObject({ code: 'resident_merged' });
    await card(id).expect(409);
    const { rows } = await billing.db.query(
      `SELECT current_resident(resident_id) AS now FROM deposit WHERE resident_id = $1`,
      [gone],
    );
    expect(rows).toEqual([{ now: id }]);
    for (const either of [gone, id]) {
      const month = `residentId=${either}&contractId=${contractId}&period=2026-11`;
      const { body } = await owner.get(`/v1/statements?${month}`).expect(200);
      expect(body.held).toMatchObject({ depositFen: 5_000 });
    }
  });

  it('are handled wherever a resident is named, so that nothing new is forgotten', async () => {
    const { rows } = await billing.db.query<{ named: string }>(
      `SELECT c.table_name || '.' || c.column_name AS named FROM information_schema.columns c
       JOIN information_schema.tables t USING (table_schema, table_name)
       WHERE c.table_schema = 'public' AND c.column_name LIKE '%resident_id%' AND t.table_type = 'BASE TABLE'`,
    );
    // A new table says in merges.queries.ts what becomes of its rows when two residents are one.
    expect(rows.map(({ named }) => named).filter((named) => !(named in HANDLED))).toEqual([]);
  });

  it('lose no use and get no cap twice when lunches and merges are heard in parallel', async () => {
    const service = <T>(type: new (...args: never[]) => T): T => billing.running.app.get(type);
    await fc.assert(
      fc.asyncProperty(rounds, async (all) => {
        const ids = await residents(people);
        const bookings: BookingHeld[] = [];
        const ended = new Set<string>();
        for (const [n, round] of all.entries()) {
          // What one booking is told of comes in order: only those of earlier rounds end.
          const known = [...bookings];
          const works = round.map((one) => () => {
            if (one.do === 'hold') {
              const booking = lunch(ids[one.who], `2026-11-0${2 + one.day}`);
              bookings.push(booking);
              return service(HoldsService).authorise([received(booking)]);
            }
            const booking = known[one.day % Math.max(1, known.length)];
            if (!booking || ended.has(booking.bookingId)) return Promise.resolve();
            ended.add(booking.bookingId);
            const told = received(cancelled(booking), 'bookings.BookingCancelled.v1');
            return service(ReleasesService).release([told]);
          });
          // Everybody becomes the last one, one after the other, while the others go on.
          const merge = () =>
            service(ResidentMergesService).merge([received(merged(ids[n], ids[people - 1]))]);
          await Promise.all([...works, merge].map((work) => runAs(SYSTEM_ACTOR, work)));
        }
        const survivor = ids[people - 1];
        const { rows } = await billing.db.query<{
          resident: string;
          span: string;
          day: string;
          fen: number;
          uses: number;
        }>(
          `SELECT c.resident_id AS resident, span.span, date_trunc(span.span, c.service_day)::date::text AS day,
                  sum(s.reserved_fen)::int AS fen, count(*)::int AS uses
           FROM charge c JOIN charge_share s ON s.charge_id = c.id, (VALUES ('day'), ('month')) AS span (span)
           WHERE c.booking_id = ANY ($1::uuid[]) AND c.status = 'authorised' GROUP BY 1, 2, 3`,
          [bookings.map(({ bookingId }) => bookingId)],
        );
        expect(rows.every(({ resident }) => resident === survivor)).toBe(true);
        const counted = (await counters(ids)).filter(({ uses }) => uses > 0);
        const sorted = <R>(some: R[]): string[] => some.map((row) => JSON.stringify(row)).sort();
        expect(sorted(counted)).toEqual(
          sorted(rows.map(({ resident, ...row }) => ({ id: resident, ...row }))),
        );
        // From here on the cap holds whatever was given before.
        const before = counted.find(({ span }) => span === 'month')?.fen ?? 0;
        const more = [2, 3, 4, 5, 6].map((day) => lunch(ids[0], `2026-11-0${day}`));
        await runAs(SYSTEM_ACTOR, () => service(HoldsService).authorise(more.map((one) => received(one))));
        const after = (await counters([survivor])).find(({ span }) => span === 'month')?.fen ?? 0;
        expect(after).toBeLessThanOrEqual(Math.max(before, 1000));
      }),
      { numRuns: 10 },
    );
    expect(programmeId).toBeDefined();
  }, 60_000);
});
