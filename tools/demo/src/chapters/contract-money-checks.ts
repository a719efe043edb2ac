import type { Fen } from '@doorstep/kernel';
import { same } from '../checks';
import type { Check } from '../report';
import { CONTRACT_MONEY } from '../setup-sites';
import type { Stage } from './chapter';

export interface ContractMoneyStory {
  contractId: string;
  day: string;
  /** Settled of each kind of line, over all months. */
  sums: Record<string, Fen>;
  netFen: Fen;
  months: number;
  settled: number;
  differenceFen: Fen;
  /** The last settlement's PDF. */
  paper: string;
}

/** The terms worked out by hand over the charges in the database, against what was settled and what the ledger has. */
export async function contractMoneyChecks({ books }: Stage, story: ContractMoneyStory): Promise<Check[]> {
  const { contractId, day, sums, months } = story;
  const number = (sql: string, ...params: unknown[]) => books.number('billing', sql, [contractId, ...params]);
  const balance = (kind: string) =>
    number(
      `SELECT coalesce(sum(l.amount_fen), 0) FROM ledger_line l JOIN ledger_account a ON a.id = l.account_id
       WHERE a.contract_id = $1 AND a.kind = $2`,
      kind,
    );
  // From the charges and what was corrected since, which the settlement never looks at.
  const revenueFen = await number(
    `SELECT (SELECT coalesce(sum(gross_fen - operator_fen), 0) FROM charge
             WHERE contract_id = $1 AND status = 'captured' AND booked_on < date_trunc('month', $2::date) + interval '1 month')
          + (SELECT coalesce(sum(gross_fen - operator_fen), 0) FROM charge_correction
             WHERE contract_id = $1 AND booked_on < date_trunc('month', $2::date) + interval '1 month')`,
    day,
  );
  const kept = Math.round((revenueFen * CONTRACT_MONEY.fee.operatorShareBp) / 10_000);
  const byHand = {
    deposit: CONTRACT_MONEY.depositFen,
    rent: months * CONTRACT_MONEY.rent.amountFenPerMonth,
    revenue_share: revenueFen - kept,
  };
  const say = (amounts: Record<string, Fen>) =>
    Object.entries(amounts)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([kind, fen]) => `${kind} ${fen}`)
      .join(', ');
  const booked = {
    deposit: await balance('contract_deposit'),
    rent: await balance('rent_expense'),
    revenue_share: await balance('revenue_share_expense'),
  };
  return [
    same('contract: settled by its terms', 'by hand from charges and months', say(byHand), say(sums)),
    same('contract: the ledger has what was settled', 'settlements against accounts', say(sums), say(booked)),
    same(
      'contract: paid from the bank',
      'settlements whose net was seen, and what is left between the parties',
      `${story.settled}, ${await balance('authority_clearing')}`,
      `${months}, 0`,
    ),
    same(
      'contract: its net is the sum of its lines',
      'the settlements against the terms by hand',
      story.netFen,
      -(byHand.deposit + byHand.rent + byHand.revenue_share),
    ),
    same('contract: the books tie', 'what the ties of the month leave open, in fen', story.differenceFen, 0),
    same('contract: a paper to sign', 'what it begins with', story.paper.slice(0, 4), '%PDF'),
  ];
}
