import { newId } from '@doorstep/kernel';
import { Database, PeriodicRunner, runAs } from '@doorstep/platform';
import { type Billing, aResident, DAY, delivered, held, setPrice, startBilling } from '../billing.harness';
import { CorrectionsService } from '../corrections/corrections.service';
import { InvoicesService } from './invoices.service';

/* Numbers have no gaps and nothing is issued twice: with many at once, with failures and with crashes in between. */
const period = DAY.slice(0, 7);
let billing: Billing;
const residents: string[] = [];

beforeAll(async () => {
  billing = await startBilling({ PERIODIC: 'false' });
  await setPrice(billing);
  const people = Array.from({ length: 16 }, () => aResident(billing.scene));
  const bookings = people.map(({ residentId }) => held(billing.scene, residentId));
  await billing.deliver(...people);
  await billing.deliver(...bookings);
  await billing.deliver(...bookings.map((booking) => delivered(booking)));
  residents.push(...people.map(({ residentId }) => residentId));
});
afterAll(() => billing?.stop());

const service = <T>(type: abstract new (...args: never[]) => T): T => billing.running.app.get(type);
const issue = (residentId?: string) =>
  service(InvoicesService).issueAll({
    contractId: billing.scene.contractId,
    period,
    residentId,
    dueDays: 14,
  });

async function numbers(table = 'invoice'): Promise<number[]> {
  const { rows } = await billing.db.query(
    `SELECT number FROM ${table} WHERE number IS NOT NULL ORDER BY number`,
  );
  return rows.map(({ number }) => number);
}
const upTo = (count: number) => Array.from({ length: count }, (_, index) => index + 1);

describe('numbers of invoices', () => {
  it('leave no gap after a failure and after a lost connection', async () => {
    const failing = runAs(billing.finance, () =>
      service(Database).write(async () => {
        await issue(residents[0]);
        throw new Error('after the number was taken');
      }),
    );
    await expect(failing).rejects.toThrow('after the number was taken');
    const dying = runAs(billing.finance, () =>
      service(Database).write(async (tx) => {
        await issue(residents[0]);
        await tx.sql('SELECT pg_terminate_backend(pg_backend_pid())');
      }),
    );
    await expect(dying).rejects.toThrow();
    expect(await numbers()).toEqual([]);
    await runAs(billing.finance, () => issue(residents[0]));
    expect(await numbers()).toEqual([1]);
  });

  it('are 1, 2, 3 … when many are issued at the same moment, some of them twice', async () => {
    const wanted = [...residents.slice(1), ...residents.slice(1, 9)].map(
      (residentId) => () =>
        billing
          .as(billing.finance)
          .post('/v1/invoices/issue')
          .send({ contractId: billing.scene.contractId, period, residentId }),
    );
    const answers = await Promise.all(wanted.map((ask) => ask()));
    expect(answers.map(({ status }) => status)).toEqual(wanted.map(() => 200));
    expect(answers.reduce((sum, { body }) => sum + body.invoices, 0)).toBe(15);
    expect(await numbers()).toEqual(upTo(16));
    const { rows } = await billing.db.query(
      'SELECT count(*)::int AS lines, count(DISTINCT charge_id)::int AS charges FROM invoice_line WHERE live',
    );
    expect(rows).toEqual([{ lines: 16, charges: 16 }]);
  });

  it('of credit notes as well, and no two of them credit the same fen', async () => {
    const { rows } = await billing.db.query(
      'SELECT id, amount_fen AS fen FROM invoice ORDER BY number LIMIT 1',
    );
    const [{ id, fen }] = rows;
    const answers = await Promise.all(
      Array.from({ length: 8 }, () =>
        billing.as(billing.finance).post(`/v1/invoices/${id}/credit-notes`).send({ amountFen: 500 }),
      ),
    );
    const made = answers.filter(({ status }) => status === 201).length;
    expect(made).toBe(Math.floor(fen / 500));
    expect(await numbers('credit_note')).toEqual(upTo(made));
  });
});

describe('a closed month', () => {
  it('never moves: a credit of its invoice is booked in the next open month', async () => {
    const { operatorId, contractId } = billing.scene;
    await billing.db.query(
      `INSERT INTO ledger_period (operator_id, contract_id, month, status, changed_at, changed_by)
       VALUES ($1, $2, $3, 'closed', now(), $1)`,
      [operatorId, contractId, `${period}-01`],
    );
    const books = async (asOf: string) => {
      const path = `/v1/ledger/trial-balance?asOf=${asOf}`;
      return (await billing.as(billing.finance).get(path).expect(200)).body;
    };
    const before = await books('2026-11-30');
    const { rows } = await billing.db.query('SELECT id FROM invoice ORDER BY number DESC LIMIT 1');
    const { body: note } = await billing
      .as(billing.finance)
      .post(`/v1/invoices/${rows[0].id}/credit-notes`)
      .send({ amountFen: 300 })
      .expect(201);
    expect(await books('2026-11-30')).toEqual(before);
    const { body: entries } = await billing
      .as(billing.finance)
      .get('/v1/ledger/entries?reason=charge_corrected&from=2026-12-01')
      .expect(200);
    expect(entries.items).toMatchObject([{ bookedOn: '2026-12-01' }]);
    expect(note.amountFen).toBe(300);
  });
});

describe('reminders', () => {
  it('go out step by step by the plan of the due day, once each, until it is paid', async () => {
    const finance = billing.as(billing.finance);
    const plan = {
      from: '2026-01-01',
      steps: [
        { afterDays: 1, tone: 'reminder' },
        { afterDays: 8, tone: 'final' },
      ],
    };
    await finance.post('/v1/dunning-plans').send(plan).expect(201);
    const later = { ...plan, from: '2027-01-01', steps: [{ afterDays: 30, tone: 'final' }] };
    await finance.post('/v1/dunning-plans').send(later).expect(201);
    expect((await finance.post('/v1/dunning-plans').send(later).expect(409)).body.code).toBe(
      'dunning_plan_exists',
    );
    const remind = async (day: string) => {
      billing.clock.set(`${day}T02:00:00Z`);
      const runner = service(PeriodicRunner);
      await Promise.all([
        runner.runNow('remind of unpaid invoices'),
        runner.runNow('remind of unpaid invoices'),
      ]);
      await runner.runNow('remind of unpaid invoices');
      const { rows } = await billing.db.query(
        'SELECT step, count(*)::int AS times FROM dunning_reminder GROUP BY 1 ORDER BY 1',
      );
      return rows;
    };
    const open = (await finance.get('/v1/invoices?status=issued&limit=200').expect(200)).body.items;
    expect(await remind('2026-11-16')).toEqual([]);
    expect(await remind('2026-11-17')).toEqual([{ step: 1, times: open.length }]);
    const payment = { channel: 'cash', merchantOrderNo: newId(), paidAt: `${DAY}T04:00:00Z` };
    const amountFen = open[0].openFen;
    await finance
      .post(`/v1/invoices/${open[0].id}/payments`)
      .send({ ...payment, amountFen })
      .expect(201);
    expect(await remind('2026-11-24')).toEqual([
      { step: 1, times: open.length },
      { step: 2, times: open.length - 1 },
    ]);
    const { body } = await finance.get(`/v1/dunning-reminders?invoiceId=${open[1].id}`).expect(200);
    expect(body.items).toMatchObject([
      { step: 1, tone: 'reminder', remindedOn: '2026-11-17' },
      { step: 2, tone: 'final', remindedOn: '2026-11-24' },
    ]);
    billing.clock.set(`${DAY}T00:00:00Z`);
  });

  it('are for what is owed: a correction took it off, and no credit note has followed yet', async () => {
    const finance = billing.as(billing.finance);
    const person = aResident(billing.scene);
    const { residentId } = person;
    const booking = held(billing.scene, residentId);
    await billing.deliver(person, booking);
    await billing.deliver(delivered(booking));
    const { contractId } = billing.scene;
    // November is closed.
    await finance
      .post('/v1/invoices/issue')
      .send({ contractId, residentId, period: '2026-12', dueDays: 14 })
      .expect(200);
    const [invoice] = (await finance.get(`/v1/invoices?residentId=${residentId}`).expect(200)).body.items;
    const days = { contractId, residentId, from: DAY, to: '2026-11-03' };
    const attendance = [{ bookingId: booking.bookingId }];
    const { body: preview } = await finance
      .post('/v1/re-ratings')
      .send({ ...days, reason: 'attendance_changed', attendance })
      .expect(201);
    await billing.as(billing.owner).post(`/v1/re-ratings/${preview.id}/apply`).expect(200);
    billing.clock.set('2026-12-24T02:00:00Z');
    await service(PeriodicRunner).runNow('remind of unpaid invoices');
    billing.clock.set(`${DAY}T00:00:00Z`);
    const { body } = await finance.get(`/v1/dunning-reminders?invoiceId=${invoice.id}`).expect(200);
    expect(body.items).toEqual([]);
  });
});

describe('a credit', () => {
  it('that waits for a correction of the same charge sees what that has left', async () => {
    const { rows } = await billing.db.query<{ id: string; chargeId: string; fen: number }>(
      `SELECT i.id, l.charge_id AS "chargeId", i.amount_fen::int AS fen FROM invoice i JOIN invoice_line l ON l.invoice_id = i.id
       WHERE i.credited_fen = 0 ORDER BY i.number LIMIT 1`,
    );
    const [{ id, chargeId, fen }] = rows;
    const whole = { chargeId, grossFen: 0, residentFen: -fen, operatorFen: fen, shares: [] };
    const cause = {
      reason: 'eligibility_changed',
      sourceType: 're_rating',
      sourceId: newId(),
      day: DAY,
    } as const;
    let credit: Promise<{ status: number; body: { code: string } }> | undefined;
    await runAs(billing.finance, () =>
      service(Database).write(async (tx) => {
        await service(CorrectionsService).post(tx, cause, [whole]);
        credit = Promise.resolve(
          billing.as(billing.finance).post(`/v1/invoices/${id}/credit-notes`).send({ amountFen: 500 }),
        );
        await billing.eventually(async () => {
          const waits = `SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`;
          expect((await billing.db.query(waits)).rowCount).toBe(1);
        });
      }),
    );
    expect(await credit).toMatchObject({ status: 409, body: { code: 'credit_exceeds_invoice' } });
  });
});
