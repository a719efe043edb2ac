import { Injectable } from '@nestjs/common';
import { DomainError, liesWithin, newId, notFound } from '@doorstep/kernel';
import { Clock, currentActor, Database, decodeCursor, pageOf, type Page } from '@doorstep/platform';
import { MoreThan } from 'typeorm';
import { refusing } from '../shared/refusals';
import { daysOfPeriod } from './programme';
import { BudgetEntity, ProgrammeEntity } from './programme.entity';
import type { BudgetDto, BudgetsQuery, ChangeBudgetDto, SetBudgetDto } from './programmes.dto';
import { loadOwn } from './programmes.service';

@Injectable()
export class BudgetsService {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
  ) {}

  async set(programmeId: string, command: SetBudgetDto): Promise<BudgetDto> {
    const { period, amountFen } = command;
    daysOfPeriod(period);
    const set = this.db.write(async (tx) => {
      const programme = await loadOwn(tx, programmeId);
      const regionPrefix = command.regionPrefix ?? programme.regionPrefix;
      if (!liesWithin(regionPrefix, programme.regionPrefix)) throw outside(programme.regionPrefix);
      const budget = tx.manager.create(BudgetEntity, {
        ...{ id: newId(), programmeId, period, regionPrefix, amountFen, reservedFen: 0, spentFen: 0 },
        ...{ createdBy: currentActor().id, createdAt: this.clock.now(), version: 1 },
      });
      await tx.manager.insert(BudgetEntity, budget);
      return show(budget);
    });
    return refusing(() => set, { programme_budget_programme_id_period_region_prefix_key: taken });
  }

  /** More or less money, never less than is reserved and spent at that moment. */
  async change(programmeId: string, id: string, { amountFen }: ChangeBudgetDto): Promise<BudgetDto> {
    const changed = this.db.write(async (tx) => {
      await loadOwn(tx, programmeId);
      const [row] = await tx.sql<{ id: string }>(
        `UPDATE programme_budget SET amount_fen = $3, version = version + 1
         WHERE id = $2 AND programme_id = $1 RETURNING id`,
        [programmeId, id, amountFen],
      );
      if (!row) throw notFound('budget', id);
      return show(await tx.manager.findOneByOrFail(BudgetEntity, { id }));
    });
    return refusing(() => changed, { budget_not_exceeded: belowUse });
  }

  list(programmeId: string, { period, limit, cursor }: BudgetsQuery): Promise<Page<BudgetDto>> {
    const after = decodeCursor(cursor, 1);
    return this.db.read(async (tx) => {
      if (!(await tx.manager.existsBy(ProgrammeEntity, { id: programmeId })))
        throw notFound('programme', programmeId);
      const rows = await tx.manager.find(BudgetEntity, {
        where: { programmeId, ...(period && { period }), ...(after && { id: MoreThan(String(after[0])) }) },
        order: { id: 'ASC' },
        take: limit + 1,
      });
      return pageOf(rows, limit, (row) => [row.id], show);
    });
  }
}

function show({ createdBy: _by, createdAt: _at, ...budget }: BudgetEntity): BudgetDto {
  return { ...budget, leftFen: budget.amountFen - budget.reservedFen - budget.spentFen };
}

function outside(regionPrefix: string): DomainError {
  return new DomainError(
    'invalid',
    'region_outside_programme',
    'The region lies outside of the programme’s.',
    {
      field: 'regionPrefix',
      mend: `Give a region within ${regionPrefix}, or leave it out.`,
    },
  );
}

function taken(): DomainError {
  return new DomainError(
    'conflict',
    'budget_exists',
    'There is a budget for this period and region already.',
    {
      field: 'period',
      mend: 'Change its amount: POST /v1/programmes/{id}/budgets/{budgetId}/amount.',
    },
  );
}

function belowUse(): DomainError {
  return new DomainError(
    'conflict',
    'budget_below_use',
    'More than this amount is reserved and spent already.',
    {
      field: 'amountFen',
      mend: 'GET the budget to see what is reserved and spent; the amount can go down to their sum.',
    },
  );
}
