import type { Day, Fen } from '@doorstep/kernel';
import { groupBy } from '../shared/rows';
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

/** It was not meant for these lines: the same the other way round. */
export function remittanceUnallocated(
  taken: Funded & { remittanceId: string; amountFen: Fen; version: number },
): Entry {
  const { operatorId, contractId, funderId, remittanceId, amountFen, version } = taken;
  return entry(
    {
      ...{ operatorId, contractId, day: taken.day },
      ...{ reason: 'remittance_unallocated', sourceType: 'remittance', sourceId: remittanceId },
      idempotencyKey: `remittance ${remittanceId} unallocated ${version}`,
    },
    [
      { account: { operatorId, contractId, kind: 'funder_receivable', funderId }, amountFen },
      { account: { operatorId, contractId, kind: 'funder_advance', funderId }, amountFen: -amountFen },
    ],
  );
}

/** A line of an entry about a remittance, as the ledger has it. */
export interface RemittanceLine {
  entryId: string;
  day: Day;
  kind: Account['kind'];
  amountFen: Fen;
}

/** A remittance that was recorded wrongly: each of its entries the other way round, on its own day. */
export function remittanceCancelled(
  of: Omit<Funded, 'day'> & { remittanceId: string },
  booked: readonly RemittanceLine[],
): Entry[] {
  const { operatorId, contractId, funderId, remittanceId } = of;
  return [...groupBy(booked, ({ entryId }) => entryId)].map(([entryId, lines]) =>
    entry(
      {
        ...{ operatorId, contractId, day: lines[0].day },
        ...{ reason: 'remittance_cancelled', sourceType: 'remittance', sourceId: remittanceId },
        idempotencyKey: `remittance ${remittanceId} cancelled ${entryId}`,
      },
      lines.map(({ kind, amountFen }) => ({
        account: { operatorId, contractId, kind, funderId },
        amountFen: -amountFen,
      })),
    ),
  );
}

interface GivenUp extends Funded {
  chargeId: string;
  residentId: string;
  amountFen: Fen;
}

/** What a funder has cut and nobody asks for any more. */
export function claimWrittenOff(off: GivenUp & { writeOffId: string }): Entry {
  return writtenOff(off, off.writeOffId, `write-off ${off.writeOffId} approved`, off.amountFen);
}

/** A correction took off what had been given up: the same the other way round, as far as that. */
export function writeOffCorrected(off: GivenUp & { id: string; correctedFen: Fen }): Entry {
  return writtenOff(off, off.id, `cut ${off.id} corrected up to ${off.correctedFen}`, -off.amountFen);
}

function writtenOff(off: GivenUp, sourceId: string, idempotencyKey: string, amountFen: Fen): Entry {
  const { operatorId, contractId, funderId, chargeId, residentId } = off;
  const of = { chargeId, residentId };
  return entry(
    {
      ...{ operatorId, contractId, day: off.day },
      ...{ reason: 'claim_written_off', sourceType: 'claim_write_off', sourceId, idempotencyKey },
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
