import { Injectable } from '@nestjs/common';
import { DomainError, newId, notFound } from '@doorstep/kernel';
import { Clock, currentActor, Database, decodeCursor, pageOf, type Page, type Tx } from '@doorstep/platform';
import { claimWrittenOff, writeOffCorrected } from '../ledger/claim-entries';
import { LedgerService } from '../ledger/ledger.service';
import { currentOperatorId } from '../shared/actor.scope';
import { chinaDay } from '../shared/days';
import { refusing } from '../shared/refusals';
import {
  ASK_WRITE_OFF,
  DECIDE_WRITE_OFF,
  END_CUT,
  LEFT_OF_CLAIM,
  LIST_WRITE_OFFS,
  OBJECT,
  WRITE_OFF_BY_ID,
  WRITE_OFF_FOR_UPDATE,
  type WriteOffRow,
} from './answers.queries';
import type { WriteOffDto } from './answers.dto';
import type { ClaimLineDto, WriteOffsQuery } from './claims.dto';
import { LOCK_CUT_CLAIMS, LOCK_CUTS, TAKE_OFF_CUTS, type TakenOff } from './drawing.queries';
import { LINE_FOR_UPDATE, LOCK_CLAIM, SETTLE, type ClaimLineRow } from './claims.queries';

/** What a funder has cut: objected to and asked for again, or given up by two people. */
@Injectable()
export class CutsService {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly ledger: LedgerService,
  ) {}

  /** The next claim of the contract asks for it again, with the reply. */
  object(lineId: string, reply: string): Promise<ClaimLineDto> {
    return this.db.write(async (tx) => {
      const { claimId: _claimId, ...line } = await this.lock(tx, lineId);
      assertCutOpen(line);
      await this.assertNotGivenUp(tx, lineId);
      await tx.sql(OBJECT, [lineId, reply]);
      return { ...line, cutEnd: 'objected' as const, reply };
    });
  }

  askWriteOff(lineId: string, reason: string): Promise<WriteOffDto> {
    const operatorId = currentOperatorId();
    const asked = this.db.write(async (tx) => {
      const line = await this.lock(tx, lineId);
      assertCutOpen(line);
      const id = newId();
      await tx.sql(ASK_WRITE_OFF, [
        id,
        operatorId,
        lineId,
        cutFenOf(line),
        reason,
        currentActor().id,
        this.clock.now(),
      ]);
      return this.load(tx, id);
    });
    return refusing(() => asked, { claim_write_off_once: askedAlready });
  }

  approve(id: string): Promise<WriteOffDto> {
    return this.decide(id, 'approved');
  }

  refuse(id: string): Promise<WriteOffDto> {
    return this.decide(id, 'refused');
  }

  writeOffs({ status, limit, cursor }: WriteOffsQuery): Promise<Page<WriteOffDto>> {
    const after = decodeCursor(cursor, 1)?.[0] ?? null;
    return this.db.read(async (tx) =>
      pageOf(
        await tx.sql<WriteOffRow>(LIST_WRITE_OFFS, [status ?? null, after, limit + 1]),
        limit,
        ({ id }) => [id],
        shown,
      ),
    );
  }

  /** What corrections have taken off shares up to the month is taken off cuts, given up or not. `of`: operator, funder, contract */
  async takeOff(tx: Tx, of: readonly string[], period: string): Promise<void> {
    const [operatorId, funderId, contractId] = of;
    await tx.sql(LOCK_CUT_CLAIMS, [...of]);
    await tx.sql(LOCK_CUTS, [...of]);
    const taken = await tx.sql<TakenOff>(TAKE_OFF_CUTS, [...of, period]);
    const now = this.clock.now();
    await this.ledger.post(
      tx,
      taken
        .filter(({ givenUp }) => givenUp)
        .map((cut) => writeOffCorrected({ ...cut, operatorId, funderId, contractId, day: chinaDay(now) })),
    );
    await tx.sql(SETTLE, [[...new Set(taken.map(({ claimId }) => claimId))], now]);
  }

  private decide(id: string, status: 'approved' | 'refused'): Promise<WriteOffDto> {
    const person = currentActor().id;
    return this.db.write(async (tx) => {
      const [found] = await tx.sql<WriteOffRow>(WRITE_OFF_BY_ID, [id]);
      if (!found) throw notFound('write-off', id);
      await tx.sql(LOCK_CLAIM, [found.claimId]);
      await this.lock(tx, found.claimLineId);
      const [off] = await tx.sql<WriteOffRow>(WRITE_OFF_FOR_UPDATE, [id]);
      if (off.status !== 'requested') throw decidedAlready(off.status);
      if (off.requestedBy === person) throw samePerson();
      const now = this.clock.now();
      if (status === 'approved') await assertNotGivenUpAtBank(tx, off);
      await tx.sql(DECIDE_WRITE_OFF, [id, status, person, now]);
      if (status === 'approved') await this.giveUp(tx, off, now);
      return this.load(tx, id);
    });
  }

  private async giveUp(tx: Tx, off: WriteOffRow, now: Date): Promise<void> {
    const ended = await tx.sql(END_CUT, [off.claimLineId]);
    if (ended.length === 0) throw cutEnded();
    await this.ledger.post(tx, [claimWrittenOff({ ...off, writeOffId: off.id, day: chinaDay(now) })]);
    await tx.sql(SETTLE, [[off.claimId], now]);
  }

  /** While somebody has asked to give it up, it isn't asked for again. */
  private async assertNotGivenUp(tx: Tx, lineId: string): Promise<void> {
    const rows = await tx.sql(
      `SELECT FROM claim_write_off WHERE claim_line_id = $1 AND status = 'requested'`,
      [lineId],
    );
    if (rows.length > 0) throw askedAlready();
  }

  private async lock(tx: Tx, lineId: string): Promise<ClaimLineRow & { claimId: string }> {
    const [line] = await tx.sql<ClaimLineRow & { claimId: string }>(LINE_FOR_UPDATE, [lineId]);
    if (!line) throw notFound('claim line', lineId);
    return line;
  }

  private async load(tx: Tx, id: string): Promise<WriteOffDto> {
    const [off] = await tx.sql<WriteOffRow>(WRITE_OFF_BY_ID, [id]);
    return shown(off);
  }
}

/** A claim is given up once: what was given up because the bank never saw it isn't given up again as a cut. */
async function assertNotGivenUpAtBank(tx: Tx, { claimId, amountFen }: WriteOffRow): Promise<void> {
  const [claim] = await tx.sql<{ leftFen: number }>(LEFT_OF_CLAIM, [claimId]);
  if (!claim || claim.leftFen >= amountFen) return;
  throw new DomainError(
    'conflict',
    'given_up_at_bank',
    `Only ${Math.max(0, claim.leftFen)} fen of the claim are left: the rest was paid, or given up as missing at the bank.`,
    {
      mend: 'Reopen the exception by which it was given up first: GET /v1/exceptions.',
      leftFen: claim.leftFen,
    },
  );
}

function shown({
  id,
  claimLineId,
  claimId,
  amountFen,
  reason,
  status,
  requestedBy,
  decidedBy,
}: WriteOffRow): WriteOffDto {
  return { id, claimLineId, claimId, amountFen, reason, status, requestedBy, decidedBy };
}

/** What of it was cut and no correction has taken off. */
function cutFenOf({ amountFen, acceptedFen, correctedFen }: ClaimLineRow): number {
  return amountFen - (acceptedFen as number) - correctedFen;
}

function assertCutOpen(line: ClaimLineRow): void {
  const { answer, cutEnd } = line;
  if (answer === null || answer === 'accepted') {
    throw new DomainError('conflict', 'line_not_cut', 'Nothing of this line was cut.', {
      mend: 'Only what a funder has cut or rejected is objected to or given up.',
    });
  }
  if (cutEnd !== null || cutFenOf(line) === 0) throw cutEnded();
}

function cutEnded(): DomainError {
  return new DomainError(
    'conflict',
    'cut_ended',
    'What was cut has been objected to, given up or taken off already.',
    {
      mend: 'See cutEnd and correctedFen of the line.',
    },
  );
}

function askedAlready(): DomainError {
  return new DomainError('conflict', 'write_off_requested', 'Somebody has asked to give it up already.', {
    mend: 'Decide on that first: GET /v1/claim-write-offs?status=requested.',
  });
}

function decidedAlready(status: string): DomainError {
  return new DomainError('conflict', `write_off_${status}`, `This was ${status} before.`, {
    mend: 'Nothing more can happen to it.',
  });
}

function samePerson(): DomainError {
  return new DomainError('forbidden', 'second_person_needed', 'Who asks can’t decide.', {
    mend: 'Let another person with this permission decide.',
  });
}
