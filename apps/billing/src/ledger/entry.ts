import { assert, fen, newId, sumFen, type Day, type Fen } from '@doorstep/kernel';
import { ACCOUNT_KINDS, type Account, accountId } from './account';
import type { EntryReason } from './entry-reason';
import { HOLDINGS, type Purpose } from './held-money';

export type SourceType =
  | 'charge'
  | 'payment'
  | 'refund'
  | 'reconciliation'
  | 'correction'
  | 'remittance'
  | 'claim_write_off'
  | 'contract_settlement'
  | 'match'
  | 'exception';

/** Debit above zero, credit below. */
export interface Line {
  account: Account;
  amountFen: Fen;
  chargeId?: string;
  residentId?: string;
}

/** A line of an entry, with the id of its account. */
export interface EntryLine extends Line {
  accountId: string;
}

/** A balanced set of lines of one contract, booked on one day, once. */
export interface Entry {
  id: string;
  operatorId: string;
  contractId: string;
  /** The day it belongs to; when that day's month is closed, the ledger books it on the next open day. */
  day: Day;
  reason: EntryReason;
  sourceType: SourceType;
  sourceId: string;
  /** Unique per operator: the same fact can't be posted twice. */
  idempotencyKey: string;
  lines: EntryLine[];
}

/** Builds an entry; lines of zero are left out, because nothing happened on their accounts. */
export function entry(facts: Omit<Entry, 'id' | 'lines'>, lines: readonly Line[]): Entry {
  const { operatorId, contractId, day, reason, sourceType, sourceId, idempotencyKey } = facts;
  const moved: EntryLine[] = [];
  let sum = 0;
  for (const { account, amountFen, chargeId, residentId } of lines) {
    if (amountFen === 0) continue;
    sum = fen(sum + fen(amountFen));
    assert(
      account.operatorId === operatorId && account.contractId === contractId,
      'an entry stays with one operator and one contract',
    );
    for (const dimension of ACCOUNT_KINDS[account.kind].by)
      assert(account[dimension] !== undefined, `${account.kind} is kept by ${dimension}`);
    moved.push({ account, accountId: accountId(account), amountFen, chargeId, residentId });
  }
  assert(sum === 0, `entry ${idempotencyKey} sums to zero`);
  const id = newId();
  return { id, operatorId, contractId, day, reason, sourceType, sourceId, idempotencyKey, lines: moved };
}

interface Parties {
  operatorId: string;
  contractId: string;
}

export interface CapturedFacts extends Parties {
  chargeId: string;
  siteId: string;
  residentId: string;
  kind: string;
  day: Day;
  grossFen: Fen;
  residentFen: Fen;
  operatorFen: Fen;
  funders: { funderId: string; amountFen: Fen }[];
}

/** Everybody's part of a charge on the account that it is due from, and the whole as revenue. */
export function partsOfCharge(charge: Omit<CapturedFacts, 'day'>): Line[] {
  const { operatorId, contractId, siteId, chargeId, residentId } = charge;
  const line = (account: Account, amountFen: Fen): Line => ({ account, amountFen, chargeId, residentId });
  return [
    line({ operatorId, contractId, kind: 'resident_receivable', siteId }, charge.residentFen),
    ...charge.funders.map(({ funderId, amountFen }) =>
      line({ operatorId, contractId, kind: 'funder_receivable', funderId }, amountFen),
    ),
    line({ operatorId, contractId, kind: 'concession_expense', siteId }, charge.operatorFen),
    line(
      { operatorId, contractId, kind: 'service_revenue', siteId, serviceKind: charge.kind },
      -charge.grossFen,
    ),
  ];
}

/** A delivered service: everybody's part becomes due, the whole is revenue. */
export function chargeCaptured(charge: CapturedFacts): Entry {
  const { operatorId, contractId, chargeId, day } = charge;
  return entry(
    {
      operatorId,
      contractId,
      day,
      reason: 'charge_captured',
      sourceType: 'charge',
      sourceId: chargeId,
      idempotencyKey: `charge ${chargeId} captured`,
    },
    partsOfCharge(charge),
  );
}

export interface Applied extends Parties {
  allocationId: string;
  chargeId: string;
  residentId: string;
  siteId: string;
  day: Day;
  amountFen: Fen;
  /** Of the payment. */
  purpose: Purpose;
}

/** Money paid in advance meets the delivered service that it was meant for. */
export function advanceApplied(applied: Applied): Entry {
  const { operatorId, contractId, siteId, chargeId, residentId, allocationId } = applied;
  const of = { chargeId, residentId };
  return entry(
    {
      operatorId,
      contractId,
      day: applied.day,
      reason: HOLDINGS[applied.purpose].applied,
      sourceType: 'charge',
      sourceId: chargeId,
      idempotencyKey: `allocation ${allocationId} applied`,
    },
    [
      {
        account: { operatorId, contractId, kind: HOLDINGS[applied.purpose].account },
        amountFen: applied.amountFen,
        ...of,
      },
      {
        account: { operatorId, contractId, kind: 'resident_receivable', siteId },
        amountFen: -applied.amountFen,
        ...of,
      },
    ],
  );
}

export interface PartOfPayment {
  chargeId: string;
  residentId: string;
  siteId: string;
  amountFen: Fen;
}

export interface MoneyMoved extends Parties {
  channel: string;
  day: Day;
  amountFen: Fen;
  /** What of it concerns services that are delivered already; the rest is an advance. */
  delivered: PartOfPayment[];
  purpose: Purpose;
  /** Whose money it is, where it is held for somebody by name. */
  residentId?: string;
}

/** A resident's money came in: what is due is paid, the rest waits as an advance. */
export function paymentReceived(payment: MoneyMoved & { paymentId: string }): Entry {
  return moneyMoved(payment, 1, {
    reason: HOLDINGS[payment.purpose].received,
    sourceType: 'payment',
    sourceId: payment.paymentId,
    idempotencyKey: `payment ${payment.paymentId} received`,
  });
}

/** Money went back: out of the advance first, then what was paid for delivered services is open again. */
export function paymentRefunded(refund: MoneyMoved & { refundId: string }): Entry {
  return moneyMoved(refund, -1, {
    reason: HOLDINGS[refund.purpose].refunded,
    sourceType: 'refund',
    sourceId: refund.refundId,
    idempotencyKey: `refund ${refund.refundId} paid`,
  });
}

/** Money of a resident and what it is for; direction 1: it comes in. */
export function moneyMoved(
  moved: MoneyMoved,
  direction: 1 | -1,
  source: Pick<Entry, 'reason' | 'sourceType' | 'sourceId' | 'idempotencyKey'>,
): Entry {
  const { operatorId, contractId, channel, day, amountFen, delivered, residentId } = moved;
  const advanceFen = amountFen - sumFen(delivered.map((part) => part.amountFen));
  assert(advanceFen >= 0, 'no more is paid for services than was paid at all');
  const parties = { operatorId, contractId };
  return entry({ ...parties, day, ...source }, [
    { account: { ...parties, kind: 'channel_clearing', channel }, amountFen: direction * amountFen },
    ...delivered.map((part) => ({
      account: { ...parties, kind: 'resident_receivable' as const, siteId: part.siteId },
      amountFen: -direction * part.amountFen,
      chargeId: part.chargeId,
      residentId: part.residentId,
    })),
    {
      account: { ...parties, kind: HOLDINGS[moved.purpose].account },
      amountFen: -direction * advanceFen,
      residentId,
    },
  ]);
}

export interface Settled extends Parties {
  reconciliationId: string;
  channel: string;
  day: Day;
  /** Payments less refunds, as the channel's file confirms them. */
  amountFen: Fen;
  /** What the channel kept; below zero when it gave fees back. */
  feeFen: Fen;
}

/** The channel confirms what it took: it owes the net to the bank account and keeps its fee. */
export function channelSettled(settled: Settled): Entry {
  const { operatorId, contractId, channel, amountFen, feeFen } = settled;
  const account = (kind: Account['kind']): Account => ({ operatorId, contractId, kind, channel });
  return entry(
    {
      operatorId,
      contractId,
      day: settled.day,
      reason: 'channel_settled',
      sourceType: 'reconciliation',
      sourceId: settled.reconciliationId,
      idempotencyKey: `reconciliation ${settled.reconciliationId} settled ${contractId}`,
    },
    [
      { account: account('bank_in_transit'), amountFen: amountFen - feeFen },
      { account: account('channel_fees'), amountFen: feeFen },
      { account: account('channel_clearing'), amountFen: -amountFen },
    ],
  );
}
