import { Injectable } from '@nestjs/common';
import { DomainError, newId, notFound, type Day } from '@doorstep/kernel';
import { Clock, currentActor, Database, decodeCursor, page, type Page, type Tx } from '@doorstep/platform';
import { KnownService } from '../known/known.service';
import { differenceOf } from '../reports/ties';
import { readTies } from '../reports/ties.reader';
import { currentOperatorId } from '../shared/actor.scope';
import { chinaDay } from '../shared/days';
import { fourEyes } from '../shared/four-eyes';
import { refusing } from '../shared/refusals';
import { assertClosable, checklist, type Check } from './checklist';
import type {
  AskReopeningDto,
  ChecklistDto,
  DecideReopeningDto,
  PeriodActDto,
  PeriodDto,
  PeriodOfDto,
  PeriodsQuery,
  ReopeningDto,
} from './periods.dto';
import {
  closingFigures,
  findPeriod,
  isClosed,
  listPeriods,
  lockMonths,
  noteAct,
  REOPENING,
  setPeriod,
  type ReopeningRow,
} from './periods.queries';

/** Closes months of contracts, and opens them again when two people agree. The database refuses what is booked into one. */
@Injectable()
export class PeriodsService {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly known: KnownService,
  ) {}

  checklist({ contractId, period }: PeriodOfDto): Promise<ChecklistDto> {
    return this.db.read(async (tx) => {
      const { operatorId } = await this.known.contract(tx, contractId);
      const checks = await this.checks(tx, operatorId, contractId, period);
      return { contractId, period, closable: checks.every(({ ok, blocking }) => ok || !blocking), checks };
    });
  }

  close({ contractId, period }: PeriodOfDto): Promise<PeriodDto> {
    return this.db.write(async (tx) => {
      const { operatorId, from } = await this.known.contract(tx, contractId);
      const of = this.of(operatorId, contractId, period);
      await lockMonths(tx, contractId, from, of.month);
      if ((await findPeriod(tx, contractId, of.month))?.status === 'closed') throw closedAlready(period);
      const checks = await this.checks(tx, operatorId, contractId, period);
      assertClosable(checks);
      const closed = await setPeriod(tx, { ...of, status: 'closed' });
      await noteAct(tx, of, 'closed', { checklist: checks });
      return closed;
    });
  }

  list({ contractId, limit, cursor }: PeriodsQuery): Promise<Page<PeriodDto>> {
    const [before, beforeContract] = decodeCursor(cursor, 2) ?? [null, null];
    return this.db.read(async (tx) => {
      const rows = await listPeriods(
        tx,
        contractId ?? null,
        [before as string | null, beforeContract as string | null],
        limit,
      );
      return page(rows, limit, (row) => [row.period, row.contractId]);
    });
  }

  acts({ contractId, limit, cursor }: PeriodsQuery): Promise<Page<PeriodActDto>> {
    const after = decodeCursor(cursor, 1)?.[0] ?? null;
    return this.db.read(async (tx) => {
      const rows = await tx.sql<PeriodActDto>(
        `SELECT id, contract_id AS "contractId", to_char(month, 'YYYY-MM') AS period, act, by, at, reason FROM period_act
         WHERE ($2::bigint IS NULL OR id > $2) AND ($3::uuid IS NULL OR contract_id = $3) ORDER BY id LIMIT $1`,
        [limit + 1, after, contractId ?? null],
      );
      return page(rows, limit, (row) => [row.id]);
    });
  }

  async askReopening({ contractId, period, reason }: AskReopeningDto): Promise<ReopeningDto> {
    const asked = this.db.write(async (tx) => {
      const { operatorId } = await this.known.contract(tx, contractId);
      const of = this.of(operatorId, contractId, period);
      if (!(await isClosed(tx, of))) throw notClosed(period);
      const [row] = await tx.sql<ReopeningRow>(
        `INSERT INTO period_reopening (id, operator_id, contract_id, month, reason, asked_by, asked_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7) RETURNING ${REOPENING}`,
        [newId(), operatorId, contractId, of.month, reason, of.by, of.at],
      );
      await noteAct(tx, of, 'reopen_asked', { reason });
      return row;
    });
    return refusing(() => asked, {
      period_reopening_asked_once: () =>
        new DomainError('conflict', 'reopening_asked', 'Somebody has asked for that already.', {
          mend: 'Let a colleague decide it: GET /v1/periods/reopenings.',
        }),
    });
  }

  reopenings({ contractId, limit, cursor }: PeriodsQuery): Promise<Page<ReopeningDto>> {
    const after = decodeCursor(cursor, 1)?.[0] ?? null;
    return this.db.read(async (tx) => {
      const rows = await tx.sql<ReopeningRow>(
        `SELECT ${REOPENING} FROM period_reopening
         WHERE ($2::uuid IS NULL OR id > $2) AND ($3::uuid IS NULL OR contract_id = $3) ORDER BY id LIMIT $1`,
        [limit + 1, after, contractId ?? null],
      );
      return page(rows, limit, (row) => [row.id]);
    });
  }

  /** Opens the month when approved. Not by whoever asked. */
  decide(id: string, approved: boolean, { comment }: DecideReopeningDto): Promise<ReopeningDto> {
    return this.db.write(async (tx) => {
      const [asked] = await tx.sql<ReopeningRow>(
        `SELECT ${REOPENING} FROM period_reopening WHERE id = $1 FOR UPDATE`,
        [id],
      );
      if (!asked) throw notFound('reopening', id);
      if (asked.decidedBy) throw decidedAlready();
      const of = this.of(currentOperatorId(), asked.contractId, asked.period);
      if (asked.askedBy === of.by)
        throw fourEyes('Somebody else has to decide what you asked for.', 'periods:reopen');
      const [decided] = await tx.sql<ReopeningRow>(
        `UPDATE period_reopening SET approved = $2, decided_by = $3, decided_at = $4, version = version + 1
         WHERE id = $1 RETURNING ${REOPENING}`,
        [id, approved, of.by, of.at],
      );
      if (approved) {
        await lockMonths(tx, asked.contractId, of.month, of.month);
        await setPeriod(tx, { ...of, status: 'open' });
      }
      await noteAct(tx, of, approved ? 'reopen_approved' : 'reopen_rejected', { reason: comment });
      return decided;
    });
  }

  private async checks(tx: Tx, operatorId: string, contractId: string, period: string): Promise<Check[]> {
    const month = `${period}-01`;
    const figures = await closingFigures(tx, { month, contractId, operatorId });
    const differenceFen = differenceOf(await readTies(tx, period, contractId));
    return checklist({ ...figures, differenceFen }, nextMonthOf(month), chinaDay(this.clock.now()));
  }

  private of(operatorId: string, contractId: string, period: string) {
    return { operatorId, contractId, month: `${period}-01`, by: currentActor().id, at: this.clock.now() };
  }
}

function nextMonthOf(month: Day): Day {
  const [year, number] = month.split('-').map(Number);
  return new Date(Date.UTC(year, number, 1)).toISOString().slice(0, 10);
}

function closedAlready(period: string): DomainError {
  return new DomainError('conflict', 'period_closed', `${period} is closed.`, {
    mend: 'Nothing is left to do.',
  });
}

function notClosed(period: string): DomainError {
  return new DomainError('conflict', 'period_open', `${period} is open.`, { mend: 'Book into it.' });
}

function decidedAlready(): DomainError {
  return new DomainError('conflict', 'reopening_decided', 'That has been decided.', {
    mend: 'Ask again: POST /v1/periods/reopenings.',
  });
}
