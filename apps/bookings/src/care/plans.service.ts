import { Injectable } from '@nestjs/common';
import { ageMonths, DomainError, newId, notFound } from '@doorstep/kernel';
import { Clock, currentActor, Database, decodeCursor, type Page, pageOf, type Tx } from '@doorstep/platform';
import { maySee } from '../bookings/may-see.context';
import { isRaced } from '../bookings/raced';
import { tenant } from '../residents/tenant.context';
import { assertNotMerged } from '../residents/merged.queries';
import type { BookSeriesDto, SeriesDto } from '../series/series.dto';
import { Series } from '../series/series.service';
import type { AcceptPlanDto, CarePlanDto, PlansQuery, ProposePlanDto } from './care.dto';
import { CareGrants } from './grants.service';
import { firstStart, planLife, type PlanLine, proposePlan, ruleOf, type WeeklySlot } from './plan';
import {
  INSERT_PLAN,
  LIST_PLANS,
  PLAN_BY_ID,
  PLAN_FOR_UPDATE,
  PLANNED_RESIDENT,
  type PlanRow,
  SETTLE_PLAN,
  WEEKLY_SLOTS,
} from './plans.queries';

/** GB/T 42195-2022: an ability assessment is repeated every twelve months. */
const ASSESSED_MONTHS_MAX = 12;
const SAMPLE_DAYS = 14;

interface PlannedResident {
  regionCode: string;
  careLevel: string | null;
  assessedOn: string | null;
  erased: boolean;
}

/** Plans of visits: proposed from what a care level is granted, booked as series once somebody says yes. */
@Injectable()
export class CarePlans {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly grants: CareGrants,
    private readonly series: Series,
  ) {}

  propose(command: ProposePlanDto): Promise<CarePlanDto> {
    const { residentId, siteId, from, weeks, preferredTime } = command;
    return this.db.write(async (tx) => {
      if (!maySee(siteId)) throw notFound('site', siteId);
      const { regionCode, careLevel } = await assessed(tx, residentId, from);
      const grants = await this.grants.of(tx, regionCode, careLevel, from);
      if (grants.length === 0) throw nothingGranted(careLevel);
      const now = this.clock.now();
      // Sessions reach only so far ahead; what the coming weeks look like stands for those after them.
      const [first, last] = [now, new Date(now.getTime() + SAMPLE_DAYS * 86_400_000)];
      const slots = await tx.sql<WeeklySlot>(WEEKLY_SLOTS, [siteId, first, last]);
      const { lines, missing } = proposePlan(grants, slots, preferredTime);
      const id = newId(now.getTime());
      const who = [id, tenant(), siteId, residentId, careLevel];
      const what = [from, weeks, JSON.stringify(lines), JSON.stringify(missing), currentActor().id, now];
      await tx.sql(INSERT_PLAN, [...who, ...what]);
      return this.show(await one(tx, id));
    });
  }

  /** Books each line as a series, all or nothing; with onConflict skip, all but what can't be, with the reasons. */
  accept(id: string, { onConflict }: AcceptPlanDto): Promise<CarePlanDto> {
    return this.db.write(async (tx) => {
      const plan = await one(tx, id, PLAN_FOR_UPDATE);
      const status = planLife.next(plan.status, 'accept');
      if (plan.lines.length === 0) throw nothingOffered();
      const booked: SeriesDto[] = [];
      for (const line of plan.lines) {
        booked.push(await this.series.book({ ...seriesOf(plan, line), onConflict, preview: false }));
      }
      const seriesIds = booked.map((series) => series.id as string);
      await tx
        .sql(SETTLE_PLAN, [id, status, seriesIds, null])
        .catch((error: Error & { constraint?: string }) => {
          throw error.constraint === 'care_plan_standing' ? planStands() : error;
        });
      return this.show({ ...plan, status, seriesIds }, booked);
    }, isRaced);
  }

  /** Cancels what is still to come of the plan's series. */
  end(id: string, reason: string): Promise<CarePlanDto> {
    return this.db.write(async (tx) => {
      const plan = await one(tx, id, PLAN_FOR_UPDATE);
      const status = planLife.next(plan.status, 'end');
      const endedAt = this.clock.now();
      for (const seriesId of plan.seriesIds) await this.series.cancel(seriesId, { reason });
      await tx.sql(SETTLE_PLAN, [id, status, plan.seriesIds, endedAt]);
      return this.show({ ...plan, status, endedAt });
    });
  }

  /** A proposal is shown with what would become of each visit. */
  find(id: string): Promise<CarePlanDto> {
    return this.db.read(async (tx) => {
      const plan = await one(tx, id);
      const series: SeriesDto[] = [];
      if (plan.status === 'proposed') {
        for (const line of plan.lines) series.push(await this.series.preview(seriesOf(plan, line)));
      } else for (const seriesId of plan.seriesIds) series.push(await this.series.find(seriesId));
      return this.show(plan, series);
    });
  }

  list({ residentId, limit, cursor }: PlansQuery): Promise<Page<CarePlanDto>> {
    const [after] = decodeCursor(cursor, 1) ?? [null];
    const { siteIds = null } = currentActor();
    return this.db.read(async (tx) => {
      const rows = await tx.sql<PlanRow>(LIST_PLANS, [residentId ?? null, after, limit + 1, siteIds]);
      return pageOf(
        rows,
        limit,
        (row) => [row.id],
        (row) => this.show(row),
      );
    });
  }

  private show(plan: PlanRow, series: readonly SeriesDto[] = []): CarePlanDto {
    const { createdAt, endedAt, lines, seriesIds, ...rest } = plan;
    return {
      ...rest,
      lines: lines.map((line, n) => ({
        ...line,
        rule: ruleOf(line, plan.weeks),
        start: firstStart(line, plan.from),
        ...(seriesIds[n] && { seriesId: seriesIds[n] }),
        ...(series[n] && { occurrences: series[n].occurrences }),
      })),
      createdAt: new Date(createdAt).toISOString(),
      ...(endedAt && { endedAt: new Date(endedAt).toISOString() }),
    };
  }
}

function seriesOf(plan: PlanRow, line: PlanLine): BookSeriesDto {
  const { residentId, from, weeks } = plan;
  const when = { start: firstStart(line, from), rule: ruleOf(line, weeks), except: [], besides: [] };
  return {
    offeringId: line.offeringId,
    residentId,
    partySize: 1,
    ...when,
    onConflict: 'skip',
    preview: true,
  };
}

async function one(tx: Tx, id: string, sql = PLAN_BY_ID): Promise<PlanRow> {
  const [plan] = await tx.sql<PlanRow>(sql, [id]);
  if (!plan || !maySee(plan.siteId)) throw notFound('care plan', id);
  return plan;
}

/** A resident with a care level that still counts on the day. */
async function assessed(
  tx: Tx,
  residentId: string,
  day: string,
): Promise<{ regionCode: string; careLevel: string }> {
  await assertNotMerged(tx, residentId);
  const [resident] = await tx.sql<PlannedResident>(PLANNED_RESIDENT, [residentId]);
  if (!resident || resident.erased) throw notFound('resident', residentId);
  const { regionCode, careLevel, assessedOn } = resident;
  const outdated = assessedOn !== null && ageMonths(assessedOn, day) > ASSESSED_MONTHS_MAX;
  if (careLevel !== null && !outdated) return { regionCode, careLevel };
  throw new DomainError(
    'conflict',
    careLevel === null ? 'care_level_missing' : 'care_level_outdated',
    careLevel === null
      ? 'The resident has no care level.'
      : 'The care level was assessed more than twelve months before that day.',
    { field: 'residentId', mend: 'Have it assessed and update the resident.' },
  );
}

function nothingGranted(careLevel: string): DomainError {
  return new DomainError(
    'conflict',
    'nothing_granted',
    `Nothing is granted to the level ${careLevel} there on that day.`,
    {
      mend: 'GET /v1/care-grants says what is granted; an authority sets it.',
    },
  );
}

function nothingOffered(): DomainError {
  return new DomainError(
    'conflict',
    'nothing_offered',
    'The site offers nothing of what the plan asks for.',
    {
      mend: 'Propose a plan with another site.',
    },
  );
}

function planStands(): DomainError {
  return new DomainError('conflict', 'care_plan_stands', 'Another plan of this resident is in force.', {
    mend: 'End that plan first with POST /v1/care-plans/{id}/end.',
  });
}
