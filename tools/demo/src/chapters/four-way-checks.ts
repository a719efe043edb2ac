import { sumFen, type Fen } from '@doorstep/kernel';
import type { Books } from '../books';
import { same } from '../checks';
import type { FrontEnd } from '../front-end';
import type { Check } from '../report';
import type { BankStory } from './bank';

type Figures = Record<string, Fen>;
interface Table {
  columns: { key: string }[];
  sums: (string | number | null)[];
}

const WAYS = ['contract', 'site', 'day', 'funder'] as const;
const COMPARED = ['charged', 'ledger', 'documents', 'channel', 'bank'];
const ON_ITS_WAY = ['unsettled', 'inTransit', 'unremitted'];

/** The sums of the four-way report, however the month is cut. */
export async function fourWays(
  owner: FrontEnd,
  { period, contractId }: Pick<BankStory, 'period' | 'contractId'>,
): Promise<Record<(typeof WAYS)[number], Figures>> {
  const sums = {} as Record<(typeof WAYS)[number], Figures>;
  for (const way of WAYS) {
    const path = `/v1/reports/tables/four-way-by-${way}?period=${period}&contractId=${contractId}`;
    const table = await owner.get<Table>(path);
    const figures = table.columns.map(({ key }, i) => [key, Number(table.sums[i])] as const);
    // The first says what a row is about.
    sums[way] = Object.fromEntries(figures.slice(1));
  }
  return sums;
}

/** What the report says of the month's services, against the papers that the chapter wrote and the rows themselves. */
export async function fourWayChecks(books: Books, story: BankStory): Promise<Check[]> {
  const { contract, site, day, funder } = story.fourWays;
  const say = (of: Figures, keys: string[]): string => keys.map((key) => `${key} ${of[key]}`).join(', ');
  const paidByFunders = sumFen(story.payouts.map(({ fen }) => fen));
  return [
    same(
      'four ways: nothing is left over',
      'differences by contract, site, day and funder, in fen',
      sumFen([contract, site, day, funder].map(({ difference }) => difference)),
      0,
    ),
    same(
      'four ways: the same money however it is cut',
      'by contract against by site and by day',
      say(contract, COMPARED),
      [site, day].map((of) => say(of, COMPARED)).find((said) => said !== say(contract, COMPARED)) ??
        say(contract, COMPARED),
    ),
    same(
      'four ways: what the bank has',
      'payments that bills confirm and what funders paid on paper against the report and its fees, in fen',
      (await confirmed(books, story)) + paidByFunders,
      contract.bank + contract.fees,
    ),
    same(
      'four ways: by the end nothing is on its way',
      'of the month’s services',
      say(contract, ON_ITS_WAY),
      ON_ITS_WAY.map((key) => `${key} 0`).join(', '),
    ),
  ];
}

/** What of the month's services was paid by orders that stand in a channel's file. */
function confirmed(books: Books, { operatorId, contractId, period }: BankStory): Promise<number> {
  return books.number(
    'billing',
    `SELECT coalesce(sum(a.amount_fen), 0) FROM payment_allocation AS a JOIN charge AS c ON c.id = a.charge_id
     JOIN payment AS p ON p.id = a.payment_id
     WHERE c.operator_id = $1 AND c.contract_id = $2 AND to_char(c.booked_on, 'YYYY-MM') = $3 AND a.applied
       AND a.ended_at IS NULL AND EXISTS (
         SELECT FROM settlement_line AS l JOIN settlement_file AS f ON f.id = l.file_id
         WHERE l.merchant_order_no = p.merchant_order_no AND f.channel = p.channel AND l.kind = 'payment'
           AND l.amount_fen = p.amount_fen AND l.operator_id = p.operator_id)`,
    [operatorId, contractId, period],
  );
}
