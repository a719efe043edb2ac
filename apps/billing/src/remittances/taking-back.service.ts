import { Injectable } from '@nestjs/common';
import { DomainError, sumFen } from '@doorstep/kernel';
import { Clock, currentActor, Database, type Tx } from '@doorstep/platform';
import { REOPEN } from '../claims/claims.queries';
import { remittanceCancelled, remittanceUnallocated, type RemittanceLine } from '../ledger/claim-entries';
import { LedgerService } from '../ledger/ledger.service';
import { beginMatch } from '../matches/matches.queries';
import { currentOperatorId } from '../shared/actor.scope';
import { chinaDay } from '../shared/days';
import { standsAtBank, takenBack } from './remittance';
import type { CancelRemittanceDto, RemittanceDto, UnallocateRemittanceDto } from './remittances.dto';
import {
  BOOKED,
  CANCEL,
  LINES_THAT_BROUGHT,
  LOCK_PAID_CLAIMS,
  NOTE_ADVANCE,
  PAID_LINES,
  SETTLED_AT_BANK,
  TAKE_BACK,
  type PaidLineRow,
  type SettledRow,
} from './remittances.queries';
import { assertStands, loadRemittance, lockRemittance } from './remittances.service';

/**
 * Remittances that were recorded wrongly, and lines that were not meant. Locks are taken in the order of whoever pays and
 * answers: the remittance, claims, their lines, what is expected; before them that of matching where the bank is asked.
 */
@Injectable()
export class TakingBackService {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly ledger: LedgerService,
  ) {}

  /** All of it is booked back, each entry on its own day; what stands stays to be read. */
  cancel(id: string, { reason }: CancelRemittanceDto): Promise<RemittanceDto> {
    const operatorId = currentOperatorId();
    return this.db.write(async (tx) => {
      await beginMatch(tx, operatorId);
      const remittance = await lockRemittance(tx, id);
      assertStands(remittance);
      const paid = await lockPaid(tx, id);
      await assertNotAtBank(tx, id);
      const now = this.clock.now();
      if (paid.length > 0) await this.takeBack(tx, id, paid, reason, now);
      await tx.sql(CANCEL, [id, now, currentActor().id, reason]);
      await tx.sql(NOTE_ADVANCE, [id]);
      const booked = await tx.sql<RemittanceLine>(BOOKED, [id]);
      await this.ledger.post(tx, remittanceCancelled({ ...remittance, remittanceId: id }, booked));
      return loadRemittance(tx, id);
    });
  }

  /** What it paid of lines that were not meant waits as the funder's advance. */
  unallocate(id: string, { lineIds, all, reason }: UnallocateRemittanceDto): Promise<RemittanceDto> {
    if ((lineIds === undefined) === !all) throw linesOrAll();
    return this.db.write(async (tx) => {
      const remittance = await lockRemittance(tx, id);
      assertStands(remittance);
      const taken = takenBack(
        await lockPaid(tx, id),
        lineIds ?? 'all',
        remittance.amountFen,
      ) as PaidLineRow[];
      const now = this.clock.now();
      const version = await this.takeBack(tx, id, taken, reason, now);
      await tx.sql(NOTE_ADVANCE, [id]);
      const amountFen = sumFen(taken.map((line) => line.amountFen));
      const facts = { ...remittance, remittanceId: id, day: chinaDay(now), amountFen, version };
      await this.ledger.post(tx, [remittanceUnallocated(facts)]);
      return loadRemittance(tx, id);
    });
  }

  private async takeBack(
    tx: Tx,
    id: string,
    taken: readonly PaidLineRow[],
    reason: string,
    now: Date,
  ): Promise<number> {
    const lineIds = taken.map(({ lineId }) => lineId);
    const values = [id, lineIds, now, currentActor().id, reason];
    const [{ version }] = await tx.sql<{ version: number }>(TAKE_BACK, values);
    await tx.sql(REOPEN, [[...new Set(taken.map(({ claimId }) => claimId))]]);
    return version;
  }
}

async function lockPaid(tx: Tx, id: string): Promise<PaidLineRow[]> {
  await tx.sql(LOCK_PAID_CLAIMS, [id]);
  return tx.sql<PaidLineRow>(PAID_LINES, [id]);
}

/** The bank would say that money came which the books don't know; whoever has matching's lock looks at what stays so. */
async function assertNotAtBank(tx: Tx, id: string): Promise<void> {
  const standing = (await tx.sql<SettledRow>(SETTLED_AT_BANK, [id])).filter(standsAtBank);
  if (standing.length === 0) return;
  const expectedIds = standing.map(({ expectedId }) => expectedId).slice(0, 20);
  if (standing.every(({ matchedFen }) => matchedFen === 0))
    throw new DomainError(
      'conflict',
      'remittance_given_up',
      'What it was to bring was given up as missing at the bank.',
      { mend: 'Reopen that exception first: GET /v1/exceptions?type=missing_in_statement.', expectedIds },
    );
  const lines = await tx.sql<{ lineId: number }>(LINES_THAT_BROUGHT, [expectedIds]);
  throw new DomainError(
    'conflict',
    'remittance_at_bank',
    'Lines of a bank’s statement are matched with what it was to bring.',
    {
      mend: 'Undo those matches first: POST /v1/statement-lines/{id}/undo.',
      expectedIds,
      lineIds: lines.map(({ lineId }) => lineId),
    },
  );
}

function linesOrAll(): DomainError {
  return new DomainError('invalid', 'lines_or_all', 'Name lines, or say all: one of the two.', {
    field: 'lineIds',
    mend: 'Take the ids from GET /v1/remittances/{id}/lines, or send all: true.',
  });
}
