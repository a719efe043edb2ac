import { assert, type Day, type Fen } from '@doorstep/kernel';
import type { Account } from '../ledger/account';
import { entry, type Entry } from '../ledger/entry';
import type { EntryReason } from '../ledger/entry-reason';

/** What one line of a bank's statement settles of one expectation's account. */
export interface BankPart {
  operatorId: string;
  contractId: string;
  lineId: number;
  /** Code of the account in the ledger. */
  bank: string;
  day: Day;
  kind: string;
  channel: string | null;
  funderId: string | null;
  amountFen: Fen;
}

/** Money that was expected is on the account, or was paid out of it. */
export function bankMatched(matchId: string, part: BankPart): Entry {
  return moved(part, matchId, 1, 'bank_matched', `match ${matchId}`);
}

/** A match that was wrong: the same the other way round. */
export function bankMatchUndone(undoId: string, part: BankPart): Entry {
  return moved(part, undoId, -1, 'bank_match_undone', `undo ${undoId}`);
}

function moved(part: BankPart, sourceId: string, sign: 1 | -1, reason: EntryReason, key: string): Entry {
  const { operatorId, contractId, bank, day, amountFen } = part;
  const against = counterAccount(part);
  return entry(
    {
      ...{ operatorId, contractId, day, reason, sourceType: 'match', sourceId },
      idempotencyKey: `${key} ${placeOf(part, against)}`,
    },
    [
      { account: { operatorId, contractId, kind: 'bank', channel: bank }, amountFen: sign * amountFen },
      { account: against, amountFen: -sign * amountFen },
    ],
  );
}

type Parties = Pick<BankPart, 'operatorId' | 'contractId' | 'kind' | 'channel' | 'funderId'>;

/** Where the money was waiting. */
export function counterAccount({ operatorId, contractId, kind, channel, funderId }: Parties): Account {
  const parties = { operatorId, contractId };
  switch (kind) {
    case 'channel_settlement':
      return { ...parties, kind: 'bank_in_transit', channel: channel as string };
    case 'channel_remainder':
      return { ...parties, kind: 'unassigned_receipts' };
    case 'claim':
    case 'funder_advance':
      return { ...parties, kind: 'remittance_clearing', funderId: funderId as string };
    case 'payment':
    case 'refund':
      return { ...parties, kind: 'channel_clearing', channel: channel as string };
    case 'contract_settlement':
      return { ...parties, kind: 'authority_clearing' };
    case 'difference':
      return { ...parties, kind: 'reconciliation_differences' };
    default:
      assert(false, `${kind} is matched with no bank`);
  }
}

/** A line, and the account that it settles: one entry of a match. */
function placeOf({ lineId, contractId }: BankPart, { kind, channel, funderId }: Account): string {
  return `line ${lineId} ${contractId} ${kind} ${channel ?? funderId ?? ''}`;
}

/** Parts of the same line, contract and account are one entry, whatever they are: a claim, and an advance of its funder. */
export function summed(parts: readonly BankPart[]): BankPart[] {
  const sums = new Map<string, BankPart>();
  for (const part of parts) {
    const place = placeOf(part, counterAccount(part));
    const sum = sums.get(place);
    sums.set(place, sum ? { ...sum, amountFen: sum.amountFen + part.amountFen } : part);
  }
  return [...sums.values()];
}
