import type { ContractLineKind, FeeModel } from '@doorstep/contracts';
import { BASIS_POINTS_WHOLE, shareOf, sumFen, transitions, type Day, type Fen } from '@doorstep/kernel';
import { accruedBefore, accruedBetween, type Accrued, type Rate } from './accrual';
import {
  earlier,
  later,
  revisionBefore,
  type Cycle,
  type MoneyRevision,
  type StandingContract,
} from './cycle';

export const SETTLEMENT_STATUSES = ['draft', 'agreed', 'settled', 'withdrawn'] as const;
export type SettlementStatus = (typeof SETTLEMENT_STATUSES)[number];

/**
 * agreed: by a second account, with the authority's word. settled: the money was seen at the bank; a match that is undone
 * takes that back. `contract_settlement_paid` in the database leads to and fro between these two.
 */
export const settlementLife = transitions<SettlementStatus, 'agree' | 'withdraw' | 'settle' | 'take_back'>(
  'settlement',
  ['draft'],
  {
    draft: { agree: 'agreed', withdraw: 'withdrawn' },
    agreed: { settle: 'settled' },
    settled: { take_back: 'agreed' },
    withdrawn: {},
  },
);

export type Party = 'authority' | 'operator';

/** Who owes what a line is for. */
export const PAYER: Record<ContractLineKind, Party> = {
  management_fee: 'authority',
  purchased_service: 'authority',
  // The operator takes in the revenue, keeps its part and owes the rest.
  revenue_share: 'operator',
  rent: 'operator',
  deposit: 'operator',
};

/** In the order in which settlements name them. */
const LINE_KINDS = Object.keys(PAYER) as ContractLineKind[];

/** How a part of a line came about: so many days of a month or quarter, or a rate of revenue. */
export interface Part extends Omit<Accrued, 'days' | 'ofDays'> {
  days?: number;
  ofDays?: number;
  rateBp?: number;
}

export interface SettlementLine {
  kind: ContractLineKind;
  payer: Party;
  /** From the contract's first day through the cycle's last. */
  dueFen: Fen;
  /** Of it: settled before. */
  earlierFen: Fen;
  /** Of that, in a contract's first settlement: settled elsewhere, as it was said. */
  elsewhereFen: Fen;
  /** Of the days of this cycle; the sum of its parts. */
  ownFen: Fen;
  /** What the days before have become since they were settled. */
  changeFen: Fen;
  /** Due less settled before, so own and change. Below zero it goes back. */
  amountFen: Fen;
  /** Rent: by how much less than the market the space of this cycle cost. */
  concessionFen: Fen;
  parts: Part[];
}

/**
 * Revenue under the terms of one revision: gross price of services less what the operator itself let off, by the day on
 * which it was booked. Below zero when more was corrected than earned.
 */
export interface RevisionRevenue {
  revision: number;
  /** Booked on days before the cycle. */
  beforeFen: Fen;
  /** Through its end. */
  throughFen: Fen;
}

/** What was settled of each kind before. */
export type Earlier = Partial<Record<ContractLineKind, Fen>>;

/**
 * What a cycle is settled by: for each kind what is due through its end, less what was settled before.
 *
 * @param elsewhere what was settled before anything was settled here
 */
export function linesOf(
  contract: StandingContract,
  cycle: Pick<Cycle, 'from' | 'to'>,
  revenue: readonly RevisionRevenue[],
  earlierFen: Earlier,
  elsewhere: Earlier = {},
): SettlementLine[] {
  const owed: Record<ContractLineKind, Owed> = {
    management_fee: feeOf(contract, cycle, 'management_fee'),
    purchased_service: feeOf(contract, cycle, 'purchased_service'),
    revenue_share: shareDue(contract, cycle, revenue),
    rent: rentOf(contract, cycle),
    deposit: depositOf(contract, cycle),
  };
  return LINE_KINDS.flatMap((kind) => {
    const { beforeFen, parts, concessionFen = 0 } = owed[kind];
    const elsewhereFen = elsewhere[kind] ?? 0;
    const settledFen = (earlierFen[kind] ?? 0) + elsewhereFen;
    const ownFen = sumFen(parts.map(({ amountFen }) => amountFen));
    if (parts.length === 0 && beforeFen === settledFen && elsewhereFen === 0) return [];
    const changeFen = beforeFen - settledFen;
    const dueFen = beforeFen + ownFen;
    const amountFen = dueFen - settledFen;
    return [
      {
        ...{ kind, payer: PAYER[kind], dueFen, earlierFen: settledFen, ownFen, changeFen, amountFen },
        ...{ elsewhereFen, concessionFen, parts },
      },
    ];
  });
}

/** Above zero: the authority pays the operator. */
export function netOf(lines: readonly Pick<SettlementLine, 'payer' | 'amountFen'>[]): Fen {
  return sumFen(lines.map(({ payer, amountFen }) => (payer === 'authority' ? amountFen : -amountFen)));
}

interface Owed {
  /** Before the cycle's first day, by what is known today. */
  beforeFen: Fen;
  /** Of the cycle. */
  parts: Part[];
  concessionFen?: Fen;
}

type Days = Pick<Cycle, 'from' | 'to'>;

function accrual(rates: readonly Rate[], { from, to }: Days): Owed {
  return { beforeFen: accruedBefore(rates, from), parts: accruedBetween(rates, from, to) };
}

/** An amount for each full cycle of the terms that name it; of a cycle that is covered in part, by days. */
function feeOf({ revisions }: StandingContract, cycle: Days, model: FeeModel): Owed {
  const rates = revisions.flatMap(({ revision, from, to, money: { fee, settlementCycle } }): Rate[] =>
    fee?.model === model ? [{ revision, from, to, amountFen: fee.amountFen ?? 0, per: settlementCycle }] : [],
  );
  return accrual(rates, cycle);
}

function rentOf({ revisions }: StandingContract, cycle: Days): Owed {
  const rates = (amountOf: (rent: NonNullable<MoneyRevision['money']['rent']>) => Fen) =>
    revisions.flatMap(({ revision, from, to, money: { rent } }): Rate[] =>
      rent ? [{ revision, from, to, amountFen: amountOf(rent), per: 'monthly' }] : [],
    );
  const owed = accrual(
    rates(({ amountFenPerMonth }) => amountFenPerMonth),
    cycle,
  );
  const market = accruedBetween(
    rates(({ amountFenPerMonth, marketFenPerMonth }) => marketFenPerMonth ?? amountFenPerMonth),
    cycle.from,
    cycle.to,
  );
  const sum = (parts: readonly { amountFen: Fen }[]) => sumFen(parts.map(({ amountFen }) => amountFen));
  return { ...owed, concessionFen: sum(market) - sum(owed.parts) };
}

/** What lies at the authority on a day: none before the contract's first, and none once it has ended. */
function depositOf(contract: StandingContract, { from, to }: Days): Owed {
  const beforeFen = depositBefore(contract, from);
  const dueFen = depositBefore(contract, to);
  const named = contract.revisions.some(({ money }) => (money.depositFen ?? 0) > 0);
  const held = revisionBefore(contract, earlier(to, contract.to));
  if (from === to || !held || (!named && beforeFen === dueFen)) return { beforeFen, parts: [] };
  const part = { revision: held.revision, from, to, baseFen: dueFen, amountFen: dueFen - beforeFen };
  return { beforeFen, parts: [part] };
}

/** On the day before this one. */
function depositBefore(contract: StandingContract, day: Day): Fen {
  if (day <= contract.from || day >= contract.to) return 0;
  return revisionBefore(contract, day)?.money.depositFen ?? 0;
}

/**
 * The authority's part of revenue: what the operator doesn't keep, rounded once over all revenue of the same share, so that
 * terms which change and leave the share as it was cost no fen. Each part is what is due up to it less what was before.
 */
function shareDue(contract: StandingContract, cycle: Days, revenue: readonly RevisionRevenue[]): Owed {
  const byShare = new Map<number, RevisionRevenue[]>();
  for (const of of revenue) {
    const fee = contract.revisions.find(({ revision }) => revision === of.revision)?.money.fee;
    if (fee?.model !== 'revenue_share') continue;
    const share = fee.operatorShareBp ?? BASIS_POINTS_WHOLE;
    byShare.set(share, [...(byShare.get(share) ?? []), of]);
  }
  const beforeFen: Fen[] = [];
  const parts = [...byShare].flatMap(([operatorShareBp, under]) => {
    const due = (fen: Fen) => fen - shareOf(fen, operatorShareBp);
    let upto = sumFen(under.map((of) => of.beforeFen));
    beforeFen.push(due(upto));
    return under.flatMap(({ revision, beforeFen: before, throughFen }): Part[] => {
      const days = shareDays(contract, cycle, revision);
      const baseFen = throughFen - before;
      if (!days && baseFen === 0) return [];
      const part = due(upto + baseFen) - due(upto);
      upto += baseFen;
      const rateBp = BASIS_POINTS_WHOLE - operatorShareBp;
      return [{ revision, ...(days ?? cycle), rateBp, baseFen, amountFen: part }];
    });
  });
  return { beforeFen: sumFen(beforeFen), parts };
}

/** The days of a cycle on which a revision holds. */
function shareDays({ revisions }: StandingContract, cycle: Days, number: number): Days | undefined {
  const held = revisions.find(({ revision }) => revision === number);
  if (!held) return undefined;
  const days = { from: later(held.from, cycle.from), to: earlier(held.to, cycle.to) };
  return days.from < days.to ? days : undefined;
}
