import { type Day, type Fen } from '@doorstep/kernel';
import type { Account } from '../ledger/account';
import { entry, type Entry, type Line } from '../ledger/entry';
import type { EntryReason } from '../ledger/entry-reason';
import { counterAccount } from '../matches/match-entries';

/** What of a channel's bill is settled after all, or given up. Refunds have all amounts below zero. */
export interface BillDifference {
  exceptionId: string;
  version: number;
  operatorId: string;
  /** Of the payment, or chosen by whoever decides. */
  contractId: string;
  /** The contract that carries what of the file belongs to none. */
  carrierId: string;
  channel: string;
  day: Day;
  /** What we recorded, 0 when nothing. */
  oursFen: Fen;
  /** What the file says, 0 when nothing. */
  theirsFen: Fen;
  feeFen: Fen;
}

type Moved = 'exception_matched' | 'exception_unmatched' | 'difference_written_off' | 'write_off_undone';

/**
 * The file's money leaves the receipts that were not assigned, its fee is one, our clearing is closed, and what is between
 * the two is a difference. Another contract than the one that carries unassigned money gets its part from that.
 */
export function billDifferenceSettled(of: BillDifference, reason: Moved, sign: 1 | -1): Entry[] {
  const { operatorId, contractId, carrierId, channel, oursFen, theirsFen, feeFen } = of;
  const account = (contract: string, kind: Account['kind'], by: Partial<Account> = {}): Account => ({
    ...{ operatorId, contractId: contract, kind },
    ...by,
  });
  const netFen = theirsFen - feeFen;
  const carried = carrierId !== contractId && netFen !== 0;
  const own: Line[] = [
    {
      account: account(contractId, carried ? 'between_contracts' : 'unassigned_receipts'),
      amountFen: netFen,
    },
    { account: account(contractId, 'channel_fees', { channel }), amountFen: feeFen },
    { account: account(contractId, 'channel_clearing', { channel }), amountFen: -oursFen },
    { account: account(contractId, 'reconciliation_differences'), amountFen: oursFen - theirsFen },
  ];
  const carrier: Line[] = [
    { account: account(carrierId, 'unassigned_receipts'), amountFen: netFen },
    { account: account(carrierId, 'between_contracts'), amountFen: -netFen },
  ];
  const made = [booked(of, contractId, reason, sign, own)];
  return carried ? [...made, booked(of, carrierId, reason, sign, carrier)] : made;
}

type WrittenOffBefore = Omit<BillDifference, 'carrierId' | 'theirsFen' | 'feeFen'>;

/** What was given up as missing has come after all: the same the other way round. */
export function writeOffTakenBack(of: WrittenOffBefore): Entry[] {
  const whole = { ...of, carrierId: of.contractId, theirsFen: 0, feeFen: 0 };
  return billDifferenceSettled(whole, 'write_off_undone', -1);
}

export interface MissingDifference extends Omit<
  BillDifference,
  'carrierId' | 'channel' | 'theirsFen' | 'feeFen'
> {
  kind: string;
  channel: string | null;
  funderId: string | null;
}

/** What never came is given up. */
export function missingWrittenOff(of: MissingDifference, reason: Moved, sign: 1 | -1): Entry[] {
  const { operatorId, contractId, oursFen } = of;
  return [
    booked(of, contractId, reason, sign, [
      { account: { operatorId, contractId, kind: 'reconciliation_differences' }, amountFen: oursFen },
      { account: counterAccount(of), amountFen: -oursFen },
    ]),
  ];
}

function booked(
  {
    exceptionId,
    version,
    operatorId,
    day,
  }: Pick<BillDifference, 'exceptionId' | 'version' | 'operatorId' | 'day'>,
  contractId: string,
  reason: EntryReason,
  sign: 1 | -1,
  lines: readonly Line[],
): Entry {
  return entry(
    {
      ...{ operatorId, contractId, day, reason, sourceType: 'exception', sourceId: exceptionId },
      idempotencyKey: `exception ${exceptionId} version ${version} ${contractId}`,
    },
    lines.map((line) => ({ ...line, amountFen: sign * line.amountFen })),
  );
}
