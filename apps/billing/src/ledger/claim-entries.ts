import type { Day, Fen } from '@doorstep/kernel';
import type { Account } from './account';
import { entry, type Entry } from './entry';

interface Funded {
  operatorId: string;
  contractId: string;
  funderId: string;
  day: Day;
}

/** Money of a funder: what pays claim lines reduces what it owes, the rest waits as its advance. */
export function remittanceReceived(
  received: Funded & { remittanceId: string; amountFen: Fen; allocatedFen: Fen },
): Entry {
  const { operatorId, contractId, funderId, remittanceId, amountFen, allocatedFen } = received;
  const account = (kind: Account['kind']): Account => ({ operatorId, contractId, kind, funderId });
  return entry(
    {
      ...{ operatorId, contractId, day: received.day },
      ...{ reason: 'remittance_received', sourceType: 'remittance', sourceId: remittanceId },
      idempotencyKey: `remittance ${remittanceId} received`,
    },
    [
      { account: account('remittance_clearing'), amountFen },
      { account: account('funder_receivable'), amountFen: -allocatedFen },
      { account: account('funder_advance'), amountFen: allocatedFen - amountFen },
    ],
  );
}

/** What of a remittance was not meant for any line meets lines later. */
export function remittanceAllocated(
  allocated: Funded & { remittanceId: string; amountFen: Fen; version: number },
): Entry {
  const { operatorId, contractId, funderId, remittanceId, amountFen, version } = allocated;
  return entry(
    {
      ...{ operatorId, contractId, day: allocated.day },
      ...{ reason: 'remittance_received', sourceType: 'remittance', sourceId: remittanceId },
      idempotencyKey: `remittance ${remittanceId} allocated ${version}`,
    },
    [
      { account: { operatorId, contractId, kind: 'funder_advance', funderId }, amountFen },
      { account: { operatorId, contractId, kind: 'funder_receivable', funderId }, amountFen: -amountFen },
    ],
  );
}

/** What a funder has cut and nobody asks for any more. */
export function claimWrittenOff(
  off: Funded & { writeOffId: string; chargeId: string; residentId: string; amountFen: Fen },
): Entry {
  const { operatorId, contractId, funderId, writeOffId, chargeId, residentId, amountFen } = off;
  const of = { chargeId, residentId };
  return entry(
    {
      ...{ operatorId, contractId, day: off.day },
      ...{ reason: 'claim_written_off', sourceType: 'claim_write_off', sourceId: writeOffId },
      idempotencyKey: `write-off ${writeOffId} approved`,
    },
    [
      { account: { operatorId, contractId, kind: 'claim_write_offs', funderId }, amountFen, ...of },
      {
        account: { operatorId, contractId, kind: 'funder_receivable', funderId },
        amountFen: -amountFen,
        ...of,
      },
    ],
  );
}
