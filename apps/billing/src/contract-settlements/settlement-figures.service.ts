import { Injectable } from '@nestjs/common';
import type { ContractLineKind } from '@doorstep/contracts';
import { DomainError, notFound, type Day, type Fen } from '@doorstep/kernel';
import type { Tx } from '@doorstep/platform';
import { AMOUNT_FEN_MAX } from '../shared/fields.dto';
import { asJson } from '../shared/rows';
import {
  linesOf,
  netOf,
  type Earlier,
  type RevisionRevenue,
  type SettlementLine,
} from './contract-settlement';
import {
  CLOSED_UP_TO,
  CONTRACT_MONEY,
  LAST_AGREED,
  OPEN_MONTHS,
  REVENUE,
  SETTLED_BY_KIND,
  type SettledBefore,
  type ToldContract,
} from './contract-settlements.queries';
import {
  cycleEndingWith,
  nextCycle,
  standingOf,
  type Cycle,
  type MoneyRevision,
  type StandingContract,
} from './cycle';

/** What the next settlement of a contract comes to, as the books stand. */
export interface Figures {
  operatorId: string;
  contractId: string;
  authorityId: string;
  sequence: number;
  cycle: Cycle;
  lines: SettlementLine[];
  netFen: Fen;
  /** Months through the cycle's end that are not closed, the first of them. */
  openMonths: string[];
}

/** How the first settlement begins when cycles before it were settled elsewhere. */
export interface Opening {
  /** The month that its cycle ends with. */
  period: string;
  elsewhere: Earlier;
}

/** Looks up what a contract's settlement is computed from. */
@Injectable()
export class SettlementFigures {
  async next(tx: Tx, contractId: string, opening?: Opening): Promise<Figures> {
    const { told, contract } = await standing(tx, contractId);
    const [before] = await tx.sql<SettledBefore>(LAST_AGREED, [contractId]);
    if (opening && before) throw settledHere();
    const cycle = opening ? openingCycle(contract, opening) : nextCycle(contract, before?.to);
    const revenue = await revenueOf(tx, { operatorId: told.operatorId, contractId }, contract, cycle);
    const settled = await tx.sql<{ kind: ContractLineKind; fen: Fen }>(SETTLED_BY_KIND, [contractId]);
    const earlier = Object.fromEntries(settled.map(({ kind, fen }) => [kind, fen])) as Earlier;
    const lines = linesOf(contract, cycle, revenue, earlier, opening?.elsewhere);
    const open = await tx.sql<{ month: string }>(OPEN_MONTHS, [
      ...[told.operatorId, contractId, contract.from, cycle.to],
    ]);
    return {
      ...{ operatorId: told.operatorId, contractId, authorityId: told.authorityId },
      ...{ sequence: (before?.sequence ?? 0) + 1, cycle, lines, netFen: netOf(lines) },
      openMonths: open.map(({ month }) => month),
    };
  }
}

function openingCycle(contract: StandingContract, { period }: Opening): Cycle {
  const cycle = cycleEndingWith(contract, period);
  if (!cycle) throw noSuchCycle(period);
  return cycle;
}

async function standing(
  tx: Tx,
  contractId: string,
): Promise<{ told: ToldContract; contract: StandingContract }> {
  const [told] = await tx.sql<ToldContract>(CONTRACT_MONEY, [contractId]);
  if (!told) throw notFound('contract', contractId);
  const { from, to, begun, revisions } = told;
  if (begun === null || !revisions || revisions.some(({ money }) => money === undefined)) throw notToldYet();
  if (!begun) throw neverBegan();
  const terms = revisions.map((revision) => ({
    ...revision,
    money: revision.money as MoneyRevision['money'],
  }));
  terms.forEach(assertAmounts);
  return { told, contract: standingOf({ from, to }, terms) };
}

/**
 * Of a contract that goes on, revenue counts up to the cycle's end. After its last day what is booked later is still its
 * own: it counts as far as months are closed. A closing settlement has no days, so all of it was before.
 */
async function revenueOf(
  tx: Tx,
  { operatorId, contractId }: Pick<Figures, 'operatorId' | 'contractId'>,
  contract: StandingContract,
  { kind, from, to, last }: Cycle,
): Promise<RevisionRevenue[]> {
  if (!contract.revisions.some(({ money }) => money.fee?.model === 'revenue_share')) return [];
  const [{ day: upTo }] = last
    ? await tx.sql<{ day: Day }>(CLOSED_UP_TO, [operatorId, contractId, contract.to])
    : [{ day: to }];
  const ranges = contract.revisions.map((revision, index, all) => ({
    revision: revision.revision,
    ...(index > 0 && { from: revision.from }),
    ...(index < all.length - 1 && { to: revision.to }),
  }));
  const before = kind === 'closing' ? upTo : from;
  return tx.sql<RevisionRevenue>(REVENUE, [contractId, asJson(ranges), before, upTo]);
}

/** Sums over years of days stay within whole numbers. */
function assertAmounts({ money: { fee, rent, depositFen } }: MoneyRevision): void {
  const named = [fee?.amountFen, rent?.amountFenPerMonth, rent?.marketFenPerMonth, depositFen];
  if (named.every((fen) => (fen ?? 0) <= AMOUNT_FEN_MAX)) return;
  throw new DomainError(
    'conflict',
    'terms_too_large',
    'An amount of the contract is beyond what is settled here.',
    {
      mend: `Amounts go up to ${AMOUNT_FEN_MAX} fen: amend the contract.`,
    },
  );
}

function notToldYet(): DomainError {
  return new DomainError(
    'conflict',
    'terms_not_told',
    "The contract's terms of money have not arrived yet.",
    {
      mend: 'Contracts are told again within minutes; if not, rebuild what billing has read: docs/OPERATIONS.md.',
    },
  );
}

function settledHere(): DomainError {
  return new DomainError('conflict', 'settled_here', 'Settlements of the contract have begun here already.', {
    field: 'settledElsewhere',
    mend: 'Leave it out: what was settled elsewhere is said with the first one alone.',
  });
}

function noSuchCycle(period: string): DomainError {
  return new DomainError('invalid', 'no_such_cycle', `No cycle of the contract ends with ${period}.`, {
    field: 'period',
    mend: 'Name the last month of a cycle, on days on which the contract stood.',
  });
}

function neverBegan(): DomainError {
  return new DomainError(
    'conflict',
    'contract_not_begun',
    'The contract was never in force: nothing is owed.',
    {
      mend: 'It can be settled once it has been put into force: GET /v1/contracts/{id}.',
    },
  );
}
