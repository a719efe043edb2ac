import { type DomainError, newId } from '@doorstep/kernel';
import { Database, runAs } from '@doorstep/platform';
import fc from 'fast-check';
import { type Billing, aResident, DAY, delivered, held, setPrice, startBilling } from '../billing.harness';
import { CorrectionsService } from '../corrections/corrections.service';
import { CreditNotesService } from './credit-notes.service';
import { InvoicePaymentsService } from './invoice-payments.service';
import type { InvoiceRow } from './invoices.queries';
import { InvoicesService } from './invoices.service';

/*
 * Whatever is corrected, credited, paid and invoiced in whatever order: what a resident owes, has paid and has as credit is
 * what a naive account says, and the invoices come to it to the fen.
 */
const CHARGES = 3;
const PRICE_FEN = 1800;
const period = DAY.slice(0, 7);

type Step =
  | { do: 'correct'; charge: number; fen: number }
  | { do: 'credit' | 'pay'; invoice: number; fen: number }
  | { do: 'issue' }
  | { do: 'use'; invoice: number };

const nth = fc.nat(6);
const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof(
    fc.record({
      do: fc.constant('correct' as const),
      charge: fc.nat(CHARGES - 1),
      fen: fc.integer({ min: -900, max: 900 }),
    }),
    fc.record({
      do: fc.constantFrom('credit' as const, 'pay' as const),
      invoice: nth,
      fen: fc.integer({ min: 1, max: 2500 }),
    }),
    fc.record({ do: fc.constant('issue' as const) }),
    fc.record({ do: fc.constant('use' as const), invoice: nth }),
  ),
  { minLength: 4, maxLength: 14 },
);

let billing: Billing;
beforeAll(async () => {
  billing = await startBilling({ PERIODIC: 'false' });
  await setPrice(billing);
});
afterAll(() => billing?.stop());

const service = <T>(type: abstract new (...args: never[]) => T): T => billing.running.app.get(type);
const asFinance = <T>(work: () => Promise<T>): Promise<T> => runAs(billing.finance, work);
const run = (residentId: string) => ({ contractId: billing.scene.contractId, period, residentId });
const issue = (residentId: string) =>
  asFinance(() => service(InvoicesService).issueAll({ ...run(residentId), dueDays: 14 }));

async function aDay(): Promise<{ residentId: string; chargeIds: string[] }> {
  const resident = aResident(billing.scene);
  const bookings = Array.from({ length: CHARGES }, () => held(billing.scene, resident.residentId));
  await billing.deliver(resident);
  await billing.deliver(...bookings);
  await billing.deliver(...bookings.map((booking) => delivered(booking)));
  const { rows } = await billing.db.query<{ id: string }>(
    'SELECT id FROM charge WHERE resident_id = $1 ORDER BY id',
    [resident.residentId],
  );
  await issue(resident.residentId);
  return { residentId: resident.residentId, chargeIds: rows.map(({ id }) => id) };
}

/** What a person with paper and pencil would keep: by charge what is owed, and all the money that came. */
interface Paper {
  owed: number[];
  paidIn: number;
}

async function play(
  story: Step[],
  { residentId, chargeIds }: Awaited<ReturnType<typeof aDay>>,
): Promise<Paper> {
  const paper: Paper = { owed: chargeIds.map(() => PRICE_FEN), paidIn: 0 };
  for (const step of story) {
    if (step.do === 'issue') await issue(residentId);
    else if (step.do === 'correct') await correct(paper, chargeIds, step);
    else await onInvoice(paper, chargeIds, residentId, step);
  }
  await issue(residentId);
  return paper;
}

async function correct(
  paper: Paper,
  chargeIds: string[],
  step: { charge: number; fen: number },
): Promise<void> {
  const fen = Math.max(step.fen, -paper.owed[step.charge]);
  if (fen === 0) return;
  const chargeId = chargeIds[step.charge];
  const difference = { chargeId, grossFen: fen, residentFen: fen, operatorFen: 0, shares: [] };
  const cause = { reason: 'price_changed', sourceType: 're_rating', sourceId: newId(), day: DAY } as const;
  await asFinance(() =>
    service(Database).write((tx) => service(CorrectionsService).post(tx, cause, [difference])),
  );
  paper.owed[step.charge] += fen;
}

async function onInvoice(
  paper: Paper,
  chargeIds: string[],
  residentId: string,
  step: { do: 'credit' | 'pay'; invoice: number; fen: number } | { do: 'use'; invoice: number },
): Promise<void> {
  const { rows } = await billing.db.query<{ id: string }>(
    `SELECT id FROM invoice WHERE resident_id = $1 AND status = 'issued' ORDER BY number`,
    [residentId],
  );
  const { id } = rows[step.invoice % rows.length];
  if (step.do === 'use') {
    await asFinance(() => service(InvoicePaymentsService).applyCredit(id));
  } else if (step.do === 'pay') {
    const payment = {
      channel: 'cash',
      merchantOrderNo: newId(),
      amountFen: step.fen,
      paidAt: `${DAY}T00:00:00Z`,
    } as const;
    await asFinance(() => service(InvoicePaymentsService).pay(id, payment));
    paper.paidIn += step.fen;
  } else {
    const invoice = await asFinance(() => service(InvoicesService).find(id));
    const amountFen = Math.min(step.fen, invoice.amountFen - invoice.creditedFen);
    if (amountFen === 0) return;
    const note = await asFinance(() => service(CreditNotesService).credit(id, { amountFen })).catch(
      refusedForLess,
    );
    if (!note) return;
    for (const line of note.lines) paper.owed[chargeIds.indexOf(line.chargeId)] -= line.amountFen;
  }
}

/** A correction may have left less of the invoice than it still showed. */
function refusedForLess(error: DomainError): undefined {
  if (error.code !== 'credit_exceeds_invoice') throw error;
}

describe('any story of a resident’s invoices', () => {
  it('has the sums of a naive account', async () => {
    await fc.assert(
      fc.asyncProperty(steps, async (story) => {
        const day = await aDay();
        const paper = await play(story, day);
        const { rows: charges } = await billing.db.query(
          `SELECT (c.resident_fen + c.resident_correction_fen)::int AS owed, c.paid_fen::int AS paid,
                  coalesce((SELECT sum(amount_fen - credited_fen) FROM invoice_line l WHERE l.charge_id = c.id AND l.live), 0)::int AS billed,
                  (SELECT coalesce(sum(l.amount_fen), 0) FROM ledger_line l JOIN ledger_account a ON a.id = l.account_id
                   WHERE l.charge_id = c.id AND a.kind = 'resident_receivable')::int AS receivable
           FROM charge c WHERE c.resident_id = $1 ORDER BY c.id`,
          [day.residentId],
        );
        expect(charges.map(({ owed }) => owed)).toEqual(paper.owed);
        expect(charges.map(({ billed }) => billed)).toEqual(paper.owed);
        for (const { owed, paid, receivable } of charges) {
          expect(paid).toBeLessThanOrEqual(owed);
          expect(receivable).toBe(owed - paid);
        }
        await assertDocuments(day.residentId, charges, paper);
      }),
      { numRuns: 12, endOnFailure: true },
    );
  }, 240_000);

  async function assertDocuments(
    residentId: string,
    charges: { owed: number; paid: number }[],
    paper: Paper,
  ): Promise<void> {
    const sum = (list: readonly number[]) => list.reduce((a, b) => a + b, 0);
    const { items } = await asFinance(() => service(InvoicesService).list({ residentId, limit: 200 }));
    const open = sum(charges.map(({ owed, paid }) => owed - paid));
    expect(sum(items.map(({ openFen }: Pick<InvoiceRow, 'openFen'>) => openFen))).toBe(open);
    const path = `/v1/statements?residentId=${residentId}&contractId=${billing.scene.contractId}&period=${period}`;
    const { body } = await billing.as(billing.finance).get(path).expect(200);
    expect(body).toMatchObject({
      closingFen: open,
      creditFen: paper.paidIn - sum(charges.map(({ paid }) => paid)),
    });
    const { rows } = await billing.db.query(
      `SELECT count(*)::int AS wrong FROM (
         SELECT payment.id FROM payment LEFT JOIN payment_allocation a ON a.payment_id = payment.id AND a.ended_at IS NULL
         GROUP BY payment.id HAVING coalesce(sum(a.amount_fen), 0) <> payment.allocated_fen) AS off`,
    );
    expect(rows).toEqual([{ wrong: 0 }]);
  }
});
