import { Injectable } from '@nestjs/common';
import { event, InvoicePaid, InvoiceReminded } from '@doorstep/contracts';
import { DomainError, newId } from '@doorstep/kernel';
import {
  Clock,
  currentActor,
  Database,
  decodeCursor,
  page,
  Periodic,
  type Page,
  type PageQuery,
  type Tx,
} from '@doorstep/platform';
import { documentNumber } from '../invoices/invoice';
import { KnownService } from '../known/known.service';
import { currentOperatorId } from '../shared/actor.scope';
import { chinaDay } from '../shared/days';
import { refusing } from '../shared/refusals';
import { checkSteps, stepDue } from './dunning';
import type { DunningPlanDto, ReminderDto, RemindersQuery, SetDunningPlanDto } from './dunning.dto';
import {
  ADD_PLAN,
  END_PLAN,
  LIST_PLANS,
  LIST_REMINDERS,
  PLAN_BY_ID,
  REMIND,
  REOPEN,
  SETTLE,
  UNPAID,
  type UnpaidRow,
} from './dunning.queries';

const BATCH = 200;
const BATCHES_MAX = 500;

/** Reminds of invoices that are not paid in time, by the operator's own plan, and notices those that are. */
@Injectable()
export class DunningService {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly known: KnownService,
  ) {}

  setPlan({ from, steps, minimumFen, ...rest }: SetDunningPlanDto): Promise<DunningPlanDto> {
    const contractId = rest.contractId ?? null;
    checkSteps(steps);
    const operatorId = currentOperatorId();
    const id = newId();
    const set = this.db.write(async (tx) => {
      if (contractId) await this.known.contract(tx, contractId);
      await tx.sql(END_PLAN, [operatorId, contractId, from]);
      const record = [currentActor().id, this.clock.now()];
      const plain = steps.map(({ afterDays, tone }) => ({ afterDays, tone }));
      await tx.sql(ADD_PLAN, [
        id,
        operatorId,
        contractId,
        from,
        JSON.stringify(plain),
        minimumFen,
        ...record,
      ]);
      const [plan] = await tx.sql<DunningPlanDto>(PLAN_BY_ID, [id]);
      return plan;
    });
    return refusing(() => set, { dunning_plan_one_at_a_time: planExists });
  }

  plans({ limit, cursor }: PageQuery): Promise<Page<DunningPlanDto>> {
    const after = decodeCursor(cursor, 1)?.[0] ?? null;
    return this.db.read(async (tx) =>
      page(await tx.sql<DunningPlanDto>(LIST_PLANS, [after, limit + 1]), limit, ({ id }) => [id]),
    );
  }

  reminders({ invoiceId, limit, cursor }: RemindersQuery): Promise<Page<ReminderDto>> {
    const [afterId = null, afterStep = 0] = decodeCursor(cursor, 2) ?? [];
    return this.db.read(async (tx) => {
      const values = [invoiceId ?? null, afterId, afterStep, limit + 1];
      const rows = await tx.sql<ReminderDto>(LIST_REMINDERS, values);
      return page(rows, limit, (row) => [row.invoiceId, row.step]);
    });
  }

  @Periodic({ everyMs: 3_600_000, name: 'remind of unpaid invoices' })
  async remind(): Promise<void> {
    let last: { after: string | null } | undefined = { after: null };
    for (let batch = 0; batch < BATCHES_MAX && last; batch++) {
      const { after }: { after: string | null } = last;
      last = await this.db.write((tx) => this.remindBatch(tx, after));
    }
  }

  /** Tells of invoices that have become paid; a refund opens them again. */
  @Periodic({ everyMs: 20_000, name: 'settle paid invoices' })
  async settle(): Promise<void> {
    for (let batch = 0; batch < BATCHES_MAX; batch++) {
      const settled = await this.db.write((tx) => this.settleBatch(tx));
      if (settled < BATCH) return;
    }
  }

  /** @returns where the next batch goes on; undefined at the end */
  private async remindBatch(tx: Tx, after: string | null): Promise<{ after: string } | undefined> {
    const now = this.clock.now();
    const today = chinaDay(now);
    const unpaid = await tx.sql<UnpaidRow>(UNPAID, [today, after, BATCH]);
    for (const {
      planId,
      steps,
      taken,
      lastOn,
      id,
      year,
      number,
      openFen,
      dueOn,
      version,
      ...facts
    } of unpaid) {
      const due = stepDue(steps, dueOn, today, taken, lastOn);
      if (!due) continue;
      const { step, tone } = due;
      const written = await tx.sql(REMIND, [id, step, facts.operatorId, planId, tone, openFen, today, now]);
      if (written.length === 0) continue;
      tx.tell(
        event(InvoiceReminded, {
          ...{ ...facts, invoiceId: id, number: documentNumber('invoice', year, number) },
          ...{ openFen, dueOn, step, tone, version, at: now.toISOString() },
        }),
      );
    }
    return unpaid.length < BATCH ? undefined : { after: unpaid[unpaid.length - 1].id };
  }

  private async settleBatch(tx: Tx): Promise<number> {
    const now = this.clock.now();
    await tx.sql(REOPEN, [BATCH, now]);
    const settled = await tx.sql<UnpaidRow>(SETTLE, [now, BATCH]);
    for (const { id, year, number, version, operatorId, contractId, residentId, period } of settled) {
      tx.tell(
        event(InvoicePaid, {
          ...{ operatorId, contractId, residentId, period, invoiceId: id, openFen: 0 },
          ...{ number: documentNumber('invoice', year, number), version, at: now.toISOString() },
        }),
      );
    }
    return settled.length;
  }
}

function planExists(): DomainError {
  return new DomainError('conflict', 'dunning_plan_exists', 'A plan begins on or after this day already.', {
    field: 'from',
    mend: 'Begin later: plans follow each other and are never rewritten.',
  });
}
