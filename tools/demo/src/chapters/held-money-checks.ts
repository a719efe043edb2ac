import { sumFen, type Fen } from '@doorstep/kernel';
import { same } from '../checks';
import { untilGood } from '../patience';
import type { Check } from '../report';
import type { Stage } from './chapter';
import { leftOf, type Kept } from './held-money';

const SORTS = [
  { sort: 'card', account: 'prepaid_balance', path: 'prepaid-cards', left: 'balanceFen' },
  { sort: 'package', account: 'package_deferred', path: 'packages', left: 'freeFen' },
  { sort: 'deposit', account: 'deposit_held', path: 'deposits', left: 'heldFen' },
] as const;

/** What the front-end's own arithmetic leaves, against the API, single tables of the database, and the ledger. */
export async function heldMoneyChecks(stage: Stage, kept: readonly Kept[]): Promise<Check[]> {
  const { books, scene, day } = stage;
  const bookings = kept.map(({ supper }) => supper.id);
  const paid = await books.number(
    'billing',
    `SELECT coalesce(sum(resident_fen), 0) FROM charge WHERE status = 'captured' AND booking_id = ANY ($1::uuid[])`,
    [bookings],
  );
  const free = await books.number(
    'billing',
    `SELECT count(*) FROM package_use WHERE state = 'free' AND package_id = ANY ($1::uuid[])`,
    [kept.filter(({ sort }) => sort === 'package').map(({ id }) => id)],
  );
  const { ties } = await scene.owner.get<{ ties: { name: string; difference: number }[] }>(
    `/v1/reports/ties?period=${day.slice(0, 7)}&contractId=${scene.contractId}`,
  );
  return [
    ...(await leftChecks(stage, kept)),
    same(
      'suppers cost what list and package say',
      'captured in the database against the plan, in fen',
      paid,
      sumFen(kept.map(({ supperFen }) => supperFen)),
    ),
    same(
      'a cancelled supper gives its use back',
      'free uses in the database against the front-end',
      free,
      kept.reduce((sum, { usesLeft = 0 }) => sum + usesLeft, 0),
    ),
    await lettersCheck(stage, kept),
    same(
      'what is held ties with the ledger',
      'difference of the tie, in fen',
      ties.find(({ name }) => name === 'held_ledger')?.difference ?? NaN,
      0,
    ),
  ];
}

/** Everybody has been written of what happened to their money, and of nothing else of it. */
async function lettersCheck({ books }: Stage, kept: readonly Kept[]): Promise<Check> {
  const say = (letters: string[]): string => letters.toSorted().join(', ');
  const expected = say(kept.flatMap(({ residentId, letters }) => letters.map((of) => line(of, residentId))));
  const written = await untilGood(
    async () => {
      const rows = await books.rows<{ subject: string; to: string }>(
        'notifications',
        `SELECT subject, recipient_id::text AS "to" FROM delivery
       WHERE status = 'sent' AND recipient_id = ANY ($1::uuid[]) AND subject ~ '^(prepaid|package|deposit)-'`,
        [kept.map(({ residentId }) => residentId)],
      );
      return say(rows.map(({ subject, to }) => line(subject, to)));
    },
    (said) => said === expected,
  );
  const letters = kept.flatMap((each) => each.letters).length;
  const name = 'residents are written of their money';
  const wrong = `expected ${expected}; written ${written}`;
  return {
    name,
    ok: written === expected,
    detail: written === expected ? `letters sent: ${letters}` : wrong,
  };
}

const line = (letter: string, residentId: string): string => `${letter} ${residentId.slice(-6)}`;

async function leftChecks({ books, scene }: Stage, kept: readonly Kept[]): Promise<Check[]> {
  const checks: Check[] = [];
  for (const { sort, account, path, left } of SORTS) {
    const mine = kept.filter((each) => each.sort === sort);
    const expected = mine.map(leftOf);
    const answered: Fen[] = [];
    for (const { id } of mine)
      answered.push((await scene.frontEnd.get<Record<string, Fen>>(`/v1/${path}/${id}`))[left]);
    const stored = await books.number(
      'billing',
      `SELECT coalesce(sum(amount_fen - allocated_fen - refunded_fen), 0) FROM payment
       WHERE channel = 'alipay' AND merchant_order_no = ANY ($1)`,
      [mine.map(({ merchantOrderNo }) => merchantOrderNo)],
    );
    checks.push(
      same(`each ${sort} has what it must have left`, 'over HTTP, in fen', answered.join(), expected.join()),
      same(`payments behind each ${sort}`, 'left in the database, in fen', stored, sumFen(expected)),
      same(
        `${account} in the ledger`,
        'against what must be left, in fen',
        -(await books.number(
          'billing',
          `SELECT coalesce(sum(l.amount_fen), 0) FROM ledger_line l JOIN ledger_account a ON a.id = l.account_id
           WHERE a.kind = $1 AND a.operator_id = $2`,
          [account, scene.operatorId],
        )),
        sumFen(expected),
      ),
    );
  }
  return checks;
}
