import type { ContractLineKind } from '@doorstep/contracts';
import type { Day, Fen } from '@doorstep/kernel';
import type { AccountKind } from './account';
import { entry, type Entry } from './entry';
import type { EntryReason } from './entry-reason';

/** Against what each kind of line is booked, and why; a sign below zero where the operator owes it. */
const BOOKED: Record<ContractLineKind, { against: AccountKind; reason: EntryReason; sign: 1 | -1 }> = {
  management_fee: { against: 'contract_fee_income', reason: 'contract_fee_due', sign: 1 },
  purchased_service: { against: 'contract_fee_income', reason: 'contract_fee_due', sign: 1 },
  revenue_share: { against: 'revenue_share_expense', reason: 'revenue_share_due', sign: -1 },
  rent: { against: 'rent_expense', reason: 'contract_rent_due', sign: -1 },
  deposit: { against: 'contract_deposit', reason: 'contract_deposit_due', sign: -1 },
};

/** A settlement that was agreed with the authority, line by line: what either owes waits to be seen at the bank. */
export function contractSettled(
  of: { operatorId: string; contractId: string; settlementId: string; day: Day },
  lines: readonly { kind: ContractLineKind; amountFen: Fen }[],
): Entry[] {
  const { operatorId, contractId, settlementId, day } = of;
  const parties = { operatorId, contractId };
  return lines.map(({ kind, amountFen }) => {
    const { against, reason, sign } = BOOKED[kind];
    return entry(
      {
        ...{ ...parties, day, reason, sourceType: 'contract_settlement', sourceId: settlementId },
        idempotencyKey: `contract settlement ${settlementId} ${kind}`,
      },
      [
        { account: { ...parties, kind: 'authority_clearing' }, amountFen: sign * amountFen },
        { account: { ...parties, kind: against }, amountFen: -sign * amountFen },
      ],
    );
  });
}
