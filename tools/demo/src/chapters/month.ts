import { sumFen, type Fen } from '@doorstep/kernel';
import { same } from '../checks';
import { type Check, yuan } from '../report';
import type { Charge } from '../settlement';
import type { Chapter, Stage, Told } from './chapter';
import { type ClaimsTold, playClaims } from './month-claims';
import { type LedgerTold, readLedger } from './month-ledger';

interface Invoice {
  id: string;
  number: string | null;
  status: string;
  residentId: string;
  amountFen: Fen;
  creditedFen: Fen;
  paidFen: Fen;
  openFen: Fen;
}

interface CreditNote {
  number: string;
  amountFen: Fen;
  lines: { amountFen: Fen }[];
}

interface InvoicesTold {
  invoices: Invoice[];
  credited: Invoice;
  note: CreditNote;
  tiesFen: Fen;
}

const CREDIT_FEN = 301;

/** The end of the month: residents' invoices, the funders' answers and money, the books for a tool that isn't ours. */
export const month: Chapter = {
  title: 'the month',
  async play(evening: Stage): Promise<Told> {
    // Chapters before may have had services of their own.
    const charges = await evening.scene.owner.all<Charge>('/v1/charges?status=captured');
    const stage = { ...evening, charges };
    const invoiced = await playInvoices(stage);
    const claimed = await playClaims(stage);
    const ledger = await readLedger(stage);
    return {
      report: {
        invoices: {
          issued: invoiced.invoices.length,
          amountFen: sumOf(invoiced.invoices, 'amountFen'),
          creditedFen: sumOf(invoiced.invoices, 'creditedFen'),
          openFen: sumOf(invoiced.invoices, 'openFen'),
        },
        claims: claimed.summary,
        hledger: ledger.hledger,
      },
      rows: [
        ['Invoices', invoicesLine(invoiced)],
        ['Claims', claimsLine(claimed)],
        ['Journal', journalLine(ledger)],
      ],
      checks: [...(await invoiceChecks(stage, invoiced)), ...claimed.checks, ...ledger.checks],
      notChecked: ledger.notChecked,
    };
  },
};

/** One invoice for each resident; then a meal was cold, and the operator carries part of one. */
async function playInvoices({ scene, day, random }: Stage): Promise<InvoicesTold> {
  const run = { contractId: scene.contractId, period: day.slice(0, 7) };
  // Each call takes a thousand residents.
  for (let call = 0; call < 100; call++) {
    const { more } = await scene.owner.post<{ more: boolean }>('/v1/invoices/issue', run);
    if (!more) break;
  }
  const issued = await scene.owner.all<Invoice>('/v1/invoices');
  const large = issued.filter(({ amountFen }) => amountFen > CREDIT_FEN);
  const credited = random.pick(large);
  const note = await scene.owner.post<CreditNote>(`/v1/invoices/${credited.id}/credit-notes`, {
    amountFen: CREDIT_FEN,
    comment: '饭菜已凉',
  });
  const ties = await scene.owner.get<{ differenceFen: Fen }>(`/v1/reports/ties?period=${run.period}`);
  const invoices = await scene.owner.all<Invoice>('/v1/invoices');
  return { invoices, credited, note, tiesFen: ties.differenceFen };
}

async function invoiceChecks({ books, charges, scene }: Stage, told: InvoicesTold): Promise<Check[]> {
  const { invoices, credited, note, tiesFen } = told;
  const owing = charges.filter(({ residentFen }) => residentFen > 0);
  const numbers = invoices.map(({ number }) => Number(number?.split('-')[2])).sort((a, b) => a - b);
  const receivable = await books.number(
    'billing',
    `SELECT coalesce(sum(l.amount_fen), 0) FROM ledger_line l JOIN ledger_account a ON a.id = l.account_id
     WHERE a.kind = 'resident_receivable' AND a.contract_id = $1`,
    [scene.contractId],
  );
  return [
    same(
      'every own part is on one invoice',
      'invoices over HTTP against the charges the client read, in fen',
      sumOf(invoices, 'amountFen'),
      sumFen(owing.map(({ residentFen }) => residentFen)),
    ),
    same(
      'each charge on one invoice line',
      'lines in the database against charges with an own part',
      await books.number('billing', 'SELECT count(DISTINCT charge_id) FROM invoice_line WHERE live'),
      owing.length,
    ),
    same(
      'numbers without a gap',
      'numbers that differ from 1, 2, 3 …',
      numbers.filter((number, index) => number !== index + 1).length,
      0,
    ),
    same(
      'a credit note sums to the fen',
      `${note.number}: its lines against what was credited`,
      sumFen(note.lines.map(({ amountFen }) => amountFen)),
      CREDIT_FEN,
    ),
    same(
      'the credit stands on the invoice',
      'credited, over HTTP, in fen',
      invoices.find(({ id }) => id === credited.id)?.creditedFen ?? -1,
      CREDIT_FEN,
    ),
    same(
      'what is open',
      'open of all invoices against the receivable accounts, in fen',
      sumOf(invoices, 'openFen'),
      receivable,
    ),
    same('the month ties after the credit', 'what the ties report leaves open, in fen', tiesFen, 0),
  ];
}

function sumOf(invoices: readonly Invoice[], part: 'amountFen' | 'creditedFen' | 'openFen'): Fen {
  return sumFen(invoices.map((invoice) => invoice[part]));
}

function invoicesLine({ invoices, note }: InvoicesTold): string {
  const paid = invoices.filter(({ status }) => status === 'paid').length;
  return (
    `${invoices.length} issued, ${yuan(sumOf(invoices, 'amountFen'))} · ${paid} paid · open ${yuan(sumOf(invoices, 'openFen'))}\n` +
    `credit note ${note.number} over ${yuan(note.amountFen)}`
  );
}

function claimsLine({ summary }: ClaimsTold): string {
  return (
    `${summary.submitted} submitted, ${yuan(summary.claimedFen)} · cut ${yuan(summary.cutFen)}, asked for again\n` +
    `remitted ${yuan(summary.remittedFen)} · ${summary.settled} settled · open ${yuan(summary.openFen)}`
  );
}

function journalLine({ entries, hledger }: LedgerTold): string {
  return `${entries} entries in one unbroken chain of hashes · hledger check: ${hledger}`;
}
