import { Injectable } from '@nestjs/common';
import { type Day, DomainError, isDay, type RegionCode } from '@doorstep/kernel';
import { Clock, currentActor, Database, decodeCursor, type Page, pageOf, type Tx } from '@doorstep/platform';
import { fieldsOf, recordChange } from '../changes';
import { refuse } from '../faults';
import { checkRegionExists } from '../regions/regions.queries';
import { localTimeOf } from '../sites/wall-clock';
import { guidelineFaults } from './guideline';
import type {
  EffectiveGuidelineDto,
  EffectiveQuery,
  GuidelineDto,
  GuidelinesQuery,
  SetGuidelineDto,
} from './guidelines.dto';
import { guidelineFor, insertGuideline, listGuidelines } from './guidelines.queries';

/** Guidelines are China's, and so are the days that they begin on. */
const TIME_ZONE = 'Asia/Shanghai';

/** What a city asks of sites: figures with the days that they hold, never constants of the program. */
@Injectable()
export class GuidelinesService {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
  ) {}

  set(code: RegionCode, command: SetGuidelineDto): Promise<GuidelineDto> {
    return this.db.write(async (tx) => {
      checkMaySet(code);
      await checkRegionExists(tx, code);
      checkBegins(command.validFrom, this.today());
      const rule = {
        regionPrefix: code,
        validFrom: command.validFrom,
        complexAreaMinM2: command.complexAreaMinM2 ?? null,
        complexAreaBetterM2: command.complexAreaBetterM2 ?? null,
        complexKindsMin: command.complexKindsMin ?? null,
        complexScarceKindsMin: command.complexScarceKindsMin ?? null,
        areaPer100HouseholdsM2: command.areaPer100HouseholdsM2 ?? null,
        childcareClasses: command.childcareClasses ?? null,
        source: command.source,
      };
      refuse('guideline_invalid', 'The guideline contradicts itself', guidelineFaults(rule));
      await oneAtATime(tx, code);
      await checkNotThereYet(tx, code, command.validFrom);
      const facts = { fields: fieldsOf(command), validFrom: rule.validFrom };
      recordChange(tx, this.clock.now(), {
        action: 'guidelines:write',
        entity: code,
        operatorId: null,
        facts,
      });
      return insertGuideline(tx, rule);
    });
  }

  list(code: RegionCode, query: GuidelinesQuery): Promise<Page<GuidelineDto>> {
    const cursor = decodeCursor(query.cursor, 2);
    const after = cursor && { regionPrefix: String(cursor[0]), validFrom: String(cursor[1]) };
    return this.db.read(async (tx) => {
      await checkRegionExists(tx, code);
      const rows = await listGuidelines(tx, code, after, query.limit + 1);
      return pageOf(
        rows,
        query.limit,
        ({ regionPrefix, validFrom }) => [regionPrefix, validFrom],
        (row) => row,
      );
    });
  }

  effective(code: RegionCode, query: EffectiveQuery): Promise<EffectiveGuidelineDto> {
    const on = query.on ?? this.today();
    if (!isDay(on)) throw notADay('on', on);
    return this.db.read(async (tx) => {
      await checkRegionExists(tx, code);
      return { on, ...(await guidelineFor(tx, code, on)) };
    });
  }

  private today(): Day {
    return localTimeOf(this.clock.now(), TIME_ZONE).day;
  }
}

/** An authority sets the guidelines of its own region and of what lies in it. */
function checkMaySet(code: RegionCode): void {
  const actor = currentActor();
  if (actor.roles.includes('administrator')) return;
  if (actor.regionPrefix && code.startsWith(actor.regionPrefix)) return;
  throw new DomainError('forbidden', 'region_not_yours', `${code} lies outside of your region.`, {
    field: 'code',
    mend: `Set guidelines for ${actor.regionPrefix ?? 'your region'} or a region within it.`,
  });
}

function checkBegins(day: Day, today: Day): void {
  if (!isDay(day)) throw notADay('validFrom', day);
  if (day >= today) return;
  throw new DomainError('invalid', 'guideline_backdated', `${day} has passed; today is ${today}.`, {
    field: 'validFrom',
    mend: 'What held in the past stays as it is: let the guideline begin today or later.',
  });
}

/** Each ends the one before it: two of a region at once would both end the same. */
async function oneAtATime(tx: Tx, code: RegionCode): Promise<void> {
  await tx.sql(`SELECT pg_advisory_xact_lock(hashtextextended('guideline ' || $1, 0))`, [code]);
}

async function checkNotThereYet(tx: Tx, code: RegionCode, day: Day): Promise<void> {
  const [taken] = await tx.sql(`SELECT id FROM guideline WHERE region_prefix = $1 AND valid_from = $2`, [
    code,
    day,
  ]);
  if (!taken) return;
  throw new DomainError(
    'conflict',
    'guideline_begins_already',
    `${code} has a guideline from ${day} on already.`,
    {
      field: 'validFrom',
      mend: 'Let the new one begin on another day.',
    },
  );
}

function notADay(field: string, day: string): DomainError {
  return new DomainError('invalid', 'not_a_day', `${day} is not a day of the calendar.`, {
    field,
    mend: 'Write days as YYYY-MM-DD.',
  });
}
