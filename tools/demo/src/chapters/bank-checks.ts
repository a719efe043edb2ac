import { sumFen } from '@doorstep/kernel';
import type { Books } from '../books';
import { same } from '../checks';
import type { Check } from '../report';
import type { BankStory } from './bank';
import { fourWayChecks } from './four-way-checks';

/** The database itself, past every service, against what the chapter wrote on its papers. */
export async function bankChecks(books: Books, story: BankStory): Promise<Check[]> {
  const balance = (kind: string): Promise<number> =>
    books.number(
      'billing',
      `SELECT coalesce(sum(l.amount_fen), 0) FROM ledger_line l JOIN ledger_account a ON a.id = l.account_id
       WHERE a.kind = $1 AND a.operator_id = $2`,
      [kind, story.operatorId],
    );
  const moved = sumFen(story.entries.map(({ fen }) => fen));
  const empty = ['channel_clearing', 'bank_in_transit', 'unassigned_receipts'];
  const left: string[] = [];
  for (const kind of empty) left.push(`${kind} ${await balance(kind)}`);
  const found = story.found.sort().join(', ');
  return [
    same(
      'bank: the ledger has what the statement has',
      'sum of the bank’s entries against the ledger',
      moved,
      await balance('bank'),
    ),
    same(
      'bank: nothing is left in between',
      'balances in the ledger',
      left.join(', '),
      empty.map((kind) => `${kind} 0`).join(', '),
    ),
    same(
      'bank: faults sown into Alipay’s bill are found',
      'what was sown against the exceptions',
      story.sown.sort().join(', '),
      found,
    ),
    same(
      'bank: held money is in Alipay’s bill',
      'orders and refunds of cards, packages and deposits against lines in the database',
      story.held.length,
      await heldLines(books, story),
    ),
    same(
      'bank: payouts by group, claims by number and name',
      'lines that matched nothing',
      story.unmatched,
      story.strangers,
    ),
    same(
      'four ways tie',
      'bookings = charges = ledger = payments and claims = channels and bank, in fen',
      story.differenceFen,
      0,
    ),
    ...(await fourWayChecks(books, story)),
    same('the month is closed', 'its state in the database', await stateOf(books, story), 'closed'),
    same(
      'a closed month takes no entry',
      'the database’s answer to one',
      await bookedInto(books, story),
      'the month is closed',
    ),
  ];
}

function heldLines(books: Books, { operatorId, held }: BankStory): Promise<number> {
  return books.number(
    'billing',
    `SELECT count(*) FROM settlement_line
     WHERE operator_id = $1 AND coalesce(merchant_refund_no, merchant_order_no) = ANY ($2)`,
    [operatorId, held],
  );
}

async function stateOf(books: Books, { contractId, period }: BankStory): Promise<string> {
  const [row] = await books.rows<{ status: string }>(
    'billing',
    'SELECT status FROM ledger_period WHERE contract_id = $1 AND month = $2',
    [contractId, `${period}-01`],
  );
  return row?.status ?? 'no row';
}

/** Tries to book past every service; the database must refuse. */
async function bookedInto(books: Books, { operatorId, contractId, period }: BankStory): Promise<string> {
  try {
    await books.rows(
      'billing',
      `INSERT INTO ledger_entry (id, operator_id, contract_id, booked_on, reason, source_type, source_id, idempotency_key)
       VALUES (uuidv7(), $1, $2, $3, 'demo', 'demo', $1, 'demo into a closed month')`,
      [operatorId, contractId, `${period}-15`],
    );
    return 'taken';
  } catch (error) {
    return (error as Error).message;
  }
}
