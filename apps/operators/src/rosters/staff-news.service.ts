import { Injectable } from '@nestjs/common';
import { event, StaffSnapshot } from '@doorstep/contracts';
import { canonicalJson, type Day, sha256Hex } from '@doorstep/kernel';
import { Clock, type Tx } from '@doorstep/platform';
import { DateTime } from 'luxon';
import { OperatorsConfig } from '../config';
import type { Requirement } from '../licences/standing';
import { Calendar } from '../shared/calendar.service';
import { holdRules } from '../shared/regional-rules.service';
import { type Staff } from '../staff/staff';
import { StaffEntity } from '../staff/staff.entity';
import { type LostSkill, lostSkills } from './certificate';
import { workingTimes } from './roster';
import { makeShifts } from './rosters.queries';
import { saveStanding, skillRequirements, staffFacts, type StaffFacts } from './staff-news.queries';

type Roster = NonNullable<StaffSnapshot['roster']>;

/** What is told of one member of staff, and what it rests on. */
interface News {
  lost: LostSkill[];
  nextChangeOn: Day | null;
  skills: string[];
  roster: Roster | undefined;
  digest: string;
}

/** Tells of staff as scheduling needs them: skills that their certificates back, and when they work. */
@Injectable()
export class StaffNews {
  constructor(
    private readonly clock: Clock,
    private readonly calendar: Calendar,
    private readonly config: OperatorsConfig,
  ) {}

  /**
   * Looks at members of staff again, in the transaction that changed something about them, and tells when that changes
   * what they can be asked for. `changed`: their row was changed, with a new version; they are told in any case.
   */
  async refresh(tx: Tx, staffIds: readonly string[], options: { changed?: boolean } = {}): Promise<void> {
    const today = this.calendar.today();
    const rows = await tx.manager
      .createQueryBuilder(StaffEntity, 'staff')
      .where('staff.id IN (:...staffIds)', { staffIds })
      .orderBy('staff.id')
      .setLock('pessimistic_write')
      .getMany();
    const [from, to] = [
      this.instantOf(today),
      this.instantOf(this.ahead(today, this.config.rosterHorizonDays)),
    ];
    await makeShifts(tx, staffIds, this.ahead(today, this.config.rosterHorizonDays), this.clock.now());
    // A roster that was told reaches back to its own beginning.
    const back = this.instantOf(this.ahead(today, -this.config.rosterHorizonDays));
    const facts = await staffFacts(tx, staffIds, back, to);
    await holdRules(tx, 'skill_requirement');
    const requirements = await skillRequirements(tx, today);
    for (const staff of rows) {
      const told = facts.told.get(staff.id);
      const stands =
        told?.rosterFrom && told.rosterTo && told.rosterTo >= this.instantOf(this.ahead(today, this.least()));
      const former = this.newsOf(
        staff,
        facts,
        requirements,
        stands ? [told.rosterFrom as Date, told.rosterTo as Date] : [from, to],
      );
      const same = told?.digest === former.digest;
      const news = same && !options.changed ? former : this.newsOf(staff, facts, requirements, [from, to]);
      if (!same || options.changed) await this.tell(tx, staff, news, options.changed === true);
      await this.save(tx, staff, news);
    }
  }

  /** Days that a roster must still reach ahead, lest it is told anew. */
  private least(): number {
    return Math.ceil((this.config.rosterHorizonDays * 2) / 3);
  }

  private newsOf(
    staff: Staff,
    facts: StaffFacts,
    requirements: readonly Requirement[],
    [from, to]: [Date, Date],
  ): News {
    const { id, jobTitle, siteIds, active } = staff;
    const regions = facts.regions.get(id) ?? [];
    const certificates = facts.certificates.get(id) ?? [];
    const { lost, nextChangeOn } = lostSkills(
      staff.skills,
      certificates,
      requirements,
      regions,
      this.calendar.today(),
    );
    const gone = new Set(lost.map(({ skill }) => skill));
    const skills = staff.skills.filter((skill) => !gone.has(skill));
    const shifts = (facts.shifts.get(id) ?? []).filter(({ start, end }) => start < to && end > from);
    const roster = staff.rostered
      ? {
          from: from.toISOString(),
          to: to.toISOString(),
          shifts: workingTimes(shifts, facts.absences.get(id) ?? []).map(
            ({ start, end, siteId, purpose }) => ({
              start: start.toISOString(),
              end: end.toISOString(),
              siteId,
              purpose,
            }),
          ),
        }
      : undefined;
    const digest = sha256Hex(canonicalJson({ siteIds, jobTitle, skills, active, roster }));
    return { lost, nextChangeOn, skills, roster, digest };
  }

  private async tell(tx: Tx, staff: Staff, { skills, roster }: News, versioned: boolean): Promise<void> {
    const version = versioned ? staff.version : staff.version + 1;
    if (!versioned) await tx.manager.update(StaffEntity, { id: staff.id }, { version });
    const { operatorId, id: staffId, siteIds, jobTitle, active } = staff;
    const at = this.clock.now().toISOString();
    const told = {
      operatorId,
      staffId,
      siteIds,
      jobTitle,
      skills,
      active,
      ...(roster && { roster }),
      version,
      at,
    };
    tx.tell(event(StaffSnapshot, told));
  }

  private async save(tx: Tx, staff: Staff, { lost, nextChangeOn, roster, digest }: News): Promise<void> {
    const { id: staffId, operatorId } = staff;
    const rosterTo = roster ? new Date(roster.to) : null;
    const days = [nextChangeOn, rosterTo && this.dayBefore(rosterTo)].filter(
      (day): day is Day => day !== null,
    );
    const rosterFrom = roster ? new Date(roster.from) : null;
    const lookOn = days.sort()[0] ?? null;
    await saveStanding(tx, { staffId, operatorId, lost, rosterFrom, rosterTo, digest, lookOn });
  }

  /** The day on which a roster does not reach far enough any more. */
  private dayBefore(rosterTo: Date): Day {
    const end = DateTime.fromJSDate(rosterTo, { zone: this.config.contractTimeZone });
    return end.minus({ days: this.least() - 1 }).toFormat('yyyy-MM-dd');
  }

  private ahead(day: Day, days: number): Day {
    return DateTime.fromISO(day, { zone: 'utc' }).plus({ days }).toFormat('yyyy-MM-dd');
  }

  private instantOf(day: Day): Date {
    return DateTime.fromISO(day, { zone: this.config.contractTimeZone }).toJSDate();
  }
}
