import { Injectable } from '@nestjs/common';
import { newId } from '@doorstep/kernel';
import { Database, decodeCursor, type Page, type PageQuery, pageOf, SYSTEM_ACTOR } from '@doorstep/platform';
import type { Enforcement } from '../licences/standing';
import type { EndRuleDto } from '../shared/regional-rules.dto';
import { type RegionalRow, RegionalRules } from '../shared/regional-rules.service';
import type { RequireSkillDto, SkillRequirementDto } from './certificates.dto';

interface Row extends RegionalRow {
  skill: string;
  certificate_type: string;
  enforcement: Enforcement;
}

/** Which skill needs which certificate: data, by place and time. */
@Injectable()
export class SkillRequirementsService {
  constructor(
    private readonly db: Database,
    private readonly rules: RegionalRules,
  ) {}

  require(command: RequireSkillDto): Promise<SkillRequirementDto> {
    const row = {
      id: newId(),
      skill: command.skill,
      certificate_type: command.certificateType,
      region_code: command.regionCode ?? null,
      from_day: command.from,
      enforcement: command.enforcement,
    };
    return this.db.write(async (tx) => {
      const saved = await this.rules.add<Row>(tx, 'skill_requirement', row);
      await this.lookAgain(saved.skill);
      return show(saved);
    });
  }

  end(id: string, { on }: EndRuleDto): Promise<SkillRequirementDto> {
    return this.db.write(async (tx) => {
      const ended = await this.rules.end<Row>(tx, 'skill_requirement', id, on);
      await this.lookAgain(ended.skill);
      return show(ended);
    });
  }

  list(query: PageQuery): Promise<Page<SkillRequirementDto>> {
    const after = decodeCursor(query.cursor, 1);
    return this.db.read(async (tx) => {
      const rows = await tx.sql<Row>(
        `SELECT * FROM skill_requirement WHERE ($1::uuid IS NULL OR id > $1) ORDER BY id LIMIT $2`,
        [after ? String(after[0]) : null, query.limit + 1],
      );
      return pageOf(rows, query.limit, (row) => [row.id], show);
    });
  }

  /** Everybody with the skill is looked at again with the next turn of the calendar, within a minute. */
  private async lookAgain(skill: string): Promise<void> {
    await this.db.writeAs(SYSTEM_ACTOR, (tx) =>
      tx.sql(
        `INSERT INTO staff_standing (staff_id, operator_id, look_on)
         SELECT id, operator_id, date '1970-01-01' FROM staff WHERE skills @> ARRAY[$1::text] ORDER BY id
         ON CONFLICT (staff_id) DO UPDATE SET look_on = excluded.look_on`,
        [skill],
      ),
    );
  }
}

function show(row: Row): SkillRequirementDto {
  return {
    id: row.id,
    regionCode: row.region_code,
    from: row.from_day,
    to: row.to_day,
    skill: row.skill,
    certificateType: row.certificate_type,
    enforcement: row.enforcement,
  };
}
