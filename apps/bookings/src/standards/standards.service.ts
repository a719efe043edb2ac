import { Injectable } from '@nestjs/common';
import { type Day, DomainError } from '@doorstep/kernel';
import {
  Clock,
  currentActor,
  Database,
  decodeCursor,
  type Page,
  pageOf,
  Periodic,
  type Tx,
} from '@doorstep/platform';
import { localDay } from '../sessions/calendar';
import { standardFault } from './standard';
import type { SetStandardDto, StandardDto, StandardsQuery } from './standards.dto';
import {
  COUNT_DAYS_ANEW,
  COUNT_GROUP_ANEW,
  END_FORMER,
  GROUP_TO_COUNT_ANEW,
  INSERT_CLASSES,
  INSERT_STANDARD,
  LIST_STANDARDS,
  STANDARD_BY_ID,
  STANDARD_SEEN,
  type StandardRow,
} from './standards.queries';

/** Standards are China's, and so are the days that they begin on. */
export const LEGAL_ZONE = 'Asia/Shanghai';
const GROUPS_PER_ROUND = 200;

/** What a country and its cities ask of childcare, with the days that it holds. */
@Injectable()
export class Standards {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
  ) {}

  set(command: SetStandardDto): Promise<StandardDto> {
    const { regionPrefix, validFrom } = command;
    return this.db.write(async (tx) => {
      checkMaySet(regionPrefix);
      if (validFrom < this.today()) throw backdated(validFrom);
      const classes = command.classes.map((one) => ({
        ...one,
        childrenPerStaff: one.childrenPerStaff ?? null,
      }));
      const fault = standardFault(classes);
      if (fault) throw contradicts(fault);
      await tx.sql(END_FORMER, [regionPrefix, validFrom]);
      const [added] = await tx.sql<{ id: string }>(INSERT_STANDARD, [
        regionPrefix,
        validFrom,
        command.leavesAtMonths,
        command.warnDays,
        command.feverFromTenths,
        command.refusedSymptoms,
        command.noticeHours,
        command.graceMinutes,
        command.source,
      ]);
      if (!added) throw beginsAlready(regionPrefix, validFrom);
      await tx.sql(INSERT_CLASSES, [added.id, JSON.stringify(classes)]);
      const [row] = await tx.sql<StandardRow>(STANDARD_BY_ID, [added.id]);
      return row as StandardRow as StandardDto;
    });
  }

  list({ region, limit, cursor }: StandardsQuery): Promise<Page<StandardDto>> {
    const [prefix, from] = decodeCursor(cursor, 2) ?? [null, null];
    return this.db.read(async (tx) => {
      const rows = await tx.sql<StandardRow>(LIST_STANDARDS, [prefix, from, limit + 1, region ?? null]);
      return pageOf(
        rows,
        limit,
        (row) => [row.regionPrefix, row.validFrom],
        (row) => row as StandardDto,
      );
    });
  }

  /** Days to come are counted by a new standard, group by group. */
  @Periodic({ everyMs: 5_000, name: 'apply-childcare-standards' })
  async applyNew(): Promise<void> {
    for (let n = 0; n < GROUPS_PER_ROUND; n++) {
      if (!(await this.db.write((tx) => this.countAnew(tx)))) return;
    }
  }

  private async countAnew(tx: Tx): Promise<boolean> {
    const [group] = await tx.sql<{ id: string; standardId: string }>(GROUP_TO_COUNT_ANEW);
    if (!group) return false;
    const today = this.today();
    await tx.sql(COUNT_DAYS_ANEW, [group.id, today]);
    await tx.sql(COUNT_GROUP_ANEW, [group.id, today]);
    await tx.sql(STANDARD_SEEN, [group.id, group.standardId]);
    return true;
  }

  private today(): Day {
    return localDay(this.clock.now(), LEGAL_ZONE);
  }
}

/** An authority sets the standards of its own region and of what lies in it. */
function checkMaySet(prefix: string): void {
  const actor = currentActor();
  if (actor.roles.includes('administrator')) return;
  if (actor.regionPrefix && prefix.startsWith(actor.regionPrefix)) return;
  throw new DomainError('forbidden', 'region_not_yours', `${prefix} lies outside of your region.`, {
    field: 'regionPrefix',
    mend: `Set standards for ${actor.regionPrefix ?? 'your region'} or a region within it.`,
  });
}

function backdated(day: Day): DomainError {
  return new DomainError('invalid', 'standard_backdated', `${day} has passed.`, {
    field: 'validFrom',
    mend: 'What held in the past stays as it is: let the standard begin today or later.',
  });
}

function beginsAlready(prefix: string, day: Day): DomainError {
  return new DomainError(
    'conflict',
    'standard_begins_already',
    `${prefix} has a standard from ${day} on already.`,
    {
      field: 'validFrom',
      mend: 'Let the new one begin on another day.',
    },
  );
}

function contradicts({ field, reason }: { field: string; reason: string }): DomainError {
  return new DomainError(
    'invalid',
    'standard_invalid',
    `The standard contradicts itself: ${field} ${reason}.`,
    {
      field,
      mend: 'Correct the field and try again.',
    },
  );
}
