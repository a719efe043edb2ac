import type { Tx } from '@doorstep/platform';
import { MONEY_FIGURES } from './money-ties.queries';
import { moneyTiesOf, tiesOf, type Figures, type MoneyFigures, type Tie } from './ties';
import { FIGURES } from './ties.queries';

/** All pairs of a month from one snapshot, so that a payment in between can't untie them. */
export async function readTies(tx: Tx, period: string, contractId: string | null): Promise<Tie[]> {
  const params = [`${period}-01`, contractId];
  const [[books], [money]] = await Promise.all([
    tx.sql<Figures>(FIGURES, params),
    tx.sql<MoneyFigures>(MONEY_FIGURES, params),
  ]);
  return [...tiesOf(books), ...moneyTiesOf(money)];
}
